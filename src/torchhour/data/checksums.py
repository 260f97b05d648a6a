"""What is known of CIFAR-10's files, for those who read them and for those who only name their source.

Imports nothing: to name a source, nobody need wait for torch.
"""

#: Two layouts: pickled as torchvision fetches it, and the publishers' plain bytes.
PYTHON, BINARY = "cifar-10-batches-py", "cifar-10-batches-bin"
TRAIN = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"]
TEST = ["test_batch"]
#: In a binary file, 10,000 records: a byte for the label, then all red, all green, all blue.
RECORDS, RECORD = 10_000, 1 + 3 * 32 * 32
#: What a source calls itself. No sums are published for single binary files: where ours do not
#: hold, the pictures may be CIFAR-10's all the same, and are used, but not vouched for.
VERIFIED, UNVERIFIED = "CIFAR-10", "CIFAR-10 (unverified)"
#: The pickled files and their md5, as torchvision knows them.
MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
    "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
}
#: The sha256 of the binary files that this course is tested on: CIFAR-10 in its own order with
#: its own labels, in which 93 of the 60,000 pictures are nearly, not exactly, the published ones.
SHA256 = {
    "data_batch_1": "0def081c410489f98b3935c2d405fc7436d23377894a5d6a710ce1fad8082588",
    "data_batch_2": "4d0a9f6a8434c9b3b3de28d817dc3d360a3f82d86a14f3c7bf6d2d8fc64188e2",
    "data_batch_3": "1a4d0920ea06101641902b09fdac800cad7b5105963deee31ddff8e83fbabe6c",
    "data_batch_4": "20de2186179cc65bcf69a83ca83e90a40786cf2384963ee3419764ef9d41b7ff",
    "data_batch_5": "ce4b8267c2f77f8915b4299443568f52defe265996f0a8b7966b63b7adf6d4d2",
    "test_batch": "123ca0dad8f960344d9149742165d4215093c84c8c4bdc5922af93b614bdb501",
}
#: The sha256 of each batch's labels alone, a byte each: the same in every true copy.
LABELS = {
    "data_batch_1": "d829dbdf32167c9d7b3687cee66d92d80d46c441308b5aca0d11e8b69e27dac9",
    "data_batch_2": "5d18f7371ed35ea9ade77952fe958b0660a45cd6c8b8a8970030f21612cfd7e3",
    "data_batch_3": "32cf77b0ee2e790b1c4384d2d82e42dc1571b87e67f6da8f444b2725b2973f65",
    "data_batch_4": "d2815e3f8f656272864920fc0edde56b04ec9cf81bf397c0dd3069f4aea51aeb",
    "data_batch_5": "2ddf3ab27d5d04409c94ce7b56849c243129c10de1058ae0bfe14c77e934800c",
    "test_batch": "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
}
