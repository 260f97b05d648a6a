"""CIFAR-10 against torchvision's own reader, in both layouts, and every broken source by its message."""

import hashlib
import os
import pickle
import re
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import CIFAR10

from torchhour.data import checksums, names
from torchhour.data import cifar10 as module
from torchhour.data.checksums import BINARY, LABELS, MD5, PYTHON, SHA256, TEST, TRAIN
from torchhour.data.cifar10 import cifar10
from torchhour.data.silhouettes import CLASSES, silhouettes
from torchhour.data.sources import DataError

REPOSITORY = Path(__file__).parents[1]
SHARED = Path(os.environ.get("TORCHHOUR_DATA") or REPOSITORY.parent / "shared" / "data").absolute()
BATCHES = TRAIN + TEST

needs_binary = pytest.mark.skipif(
    not (SHARED / BINARY).is_dir(),
    reason=f"no {BINARY} in TORCHHOUR_DATA, nor in shared/data beside the repository",
)


def python2(value):
    """The opcodes with which Python 2 and its NumPy pickle a value; the publishers used these."""
    match value:
        case dict():
            return b"}(" + b"".join(python2(key) + python2(item) for key, item in value.items()) + b"u"
        case list():
            return b"](" + b"".join(map(python2, value)) + b"e"
        case bytes():
            return b"T" + struct.pack("<I", len(value)) + value
        case str():
            return b"U" + bytes([len(value)]) + value.encode("latin1")
        case np.ndarray():
            empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\1b\x87R"
            dtype = b"cnumpy\ndtype\nU\2u1K\0K\1\x87R(K\3U\1|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb"
            shape = b"(" + b"".join(map(python2, value.shape)) + b"t"
            return empty + b"(K\1" + shape + dtype + b"\x89" + python2(value.tobytes()) + b"tb"
    return b"J" + struct.pack("<i", value)


def pickled(value):
    return b"\x80\x02" + python2(value) + b"."


def batch(seed, count=4, **other):
    """A batch as the publishers pickled it, of a few random pictures."""
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (count, 3072), np.uint8)
    names = [f"picture_{index}.png" for index in range(count)]
    labels = generator.integers(0, 10, count).tolist()
    return {"batch_label": f"batch {seed}", "labels": labels, "data": pixels, "filenames": names, **other}


@pytest.fixture
def root(tmp_path, monkeypatch):
    """The empty folder that ``TORCHHOUR_DATA`` names."""
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def put(root, monkeypatch):
    """Write a file of the pickled layout, and take its md5 for the published one."""

    def put(name, content):
        (root / PYTHON / name).write_bytes(content)
        monkeypatch.setitem(MD5, name, hashlib.md5(content).hexdigest())

    (root / PYTHON).mkdir()
    return put


@pytest.fixture
def archive(root, put):
    """A small CIFAR-10 in the pickled layout."""
    for seed, name in enumerate(BATCHES):
        put(name, pickled(batch(seed)))
    put("batches.meta", pickled({"num_cases_per_batch": 4, "label_names": CLASSES, "num_vis": 3072}))
    return root / PYTHON


@pytest.fixture
def records(root, monkeypatch):
    """A small CIFAR-10 in the binary layout, whose sums are known."""
    monkeypatch.setattr(module, "RECORDS", 4)
    monkeypatch.setattr(checksums, "RECORDS", 4)
    folder = root / BINARY
    folder.mkdir()
    for seed, name in enumerate(BATCHES):
        one = batch(seed)
        labels = np.array(one["labels"], np.uint8)[:, None]
        content = np.hstack([labels, one["data"]]).tobytes()
        (folder / f"{name}.bin").write_bytes(content)
        monkeypatch.setitem(SHA256, name, hashlib.sha256(content).hexdigest())
        monkeypatch.setitem(LABELS, name, hashlib.sha256(labels).hexdigest())
    return folder


def theirs(root, train):
    """What torchvision reads, once it has been told the small archive's md5 sums."""

    class Small(CIFAR10):
        train_list = [[name, MD5[name]] for name in TRAIN]
        test_list = [[name, MD5[name]] for name in TEST]
        meta = {**CIFAR10.meta, "md5": MD5["batches.meta"]}

    return Small(root, train=train)


def assert_same(ours, theirs):
    assert ours.source == names.cifar10() == "CIFAR-10"
    assert ours.classes == theirs.classes
    assert torch.equal(ours.images.permute(0, 2, 3, 1), torch.tensor(theirs.data))
    assert ours.labels.tolist() == theirs.targets
    assert ours.images.dtype == torch.uint8 and ours.labels.dtype == torch.int64
    for index in (0, 1, -1):
        (image, label), (other, target) = ours[index], theirs[index]
        assert (image.mode, image.size, image.tobytes(), label) == (other.mode, other.size, other.tobytes(), target)


def test_md5_sums_and_places_are_torchvisions():
    published = [*CIFAR10.train_list, *CIFAR10.test_list, [CIFAR10.meta["filename"], CIFAR10.meta["md5"]]]
    assert list(MD5.items()) == [tuple(one) for one in published]
    assert [[name for name, _ in part] for part in (CIFAR10.train_list, CIFAR10.test_list)] == [TRAIN, TEST]
    assert CIFAR10.base_folder == PYTHON
    assert module.RECORDS * module.RECORD == 30_730_000


@pytest.mark.parametrize("train", [True, False])
def test_the_pickled_layout_is_what_torchvision_reads(root, archive, train):
    assert_same(cifar10(train), theirs(root, train))
    assert len(cifar10(train)) == (20 if train else 4)


@pytest.mark.parametrize("train", [True, False])
def test_the_binary_layout_is_the_pickled_one(root, archive, records, train):
    known = theirs(root, train)
    archive.rename(root / "elsewhere")
    assert_same(cifar10(train), known)


def test_the_pickled_layout_comes_first(root, archive, records):
    (records / "test_batch.bin").write_bytes(b"broken")
    assert cifar10(train=False).source == "CIFAR-10"


@needs_binary
@pytest.mark.parametrize("train, first", [(True, [6, 9, 9, 4, 1]), (False, [3, 8, 8, 0, 6])])
def test_the_real_binary_files(root, train, first):
    """The first labels are well known: frog, truck, truck, deer, automobile; cat, ship, ship, airplane, frog."""
    (root / BINARY).symlink_to(SHARED / BINARY)
    ours = cifar10(train)
    assert ours.images.shape == (50_000 if train else 10_000, 3, 32, 32)
    assert ours.labels.bincount().tolist() == [5_000 if train else 1_000] * 10
    assert ours.labels[:5].tolist() == first
    assert ours.classes == (SHARED / BINARY / "batches.meta.txt").read_text().split()
    assert ours.source == names.cifar10() == "CIFAR-10"


@needs_binary
def test_the_sums_are_those_beside_the_real_files():
    lines = (SHARED / BINARY / "SHA256SUMS").read_text().splitlines()
    beside = {name: sha256 for sha256, name in map(str.split, lines)}
    assert {name: beside[f"{name}.bin"] for name in BATCHES} == SHA256
    for name in BATCHES:
        content = (SHARED / BINARY / f"{name}.bin").read_bytes()
        assert hashlib.sha256(content[:: module.RECORD]).hexdigest() == LABELS[name]


@needs_binary
def test_the_real_files_with_one_other_byte_are_unverified(root):
    """As the published archive would be, in which 93 pictures are other than in these files."""
    (root / BINARY).mkdir()
    for name in TRAIN:
        (root / BINARY / f"{name}.bin").symlink_to(SHARED / BINARY / f"{name}.bin")
    content = bytearray((SHARED / BINARY / "test_batch.bin").read_bytes())
    content[-1] ^= 1
    (root / BINARY / "test_batch.bin").write_bytes(content)
    assert cifar10(train=False).source == names.cifar10() == "CIFAR-10 (unverified)"


@needs_binary
def test_the_real_test_pictures_in_place_of_a_batch(root):
    (root / BINARY).mkdir()
    for name, file in zip(BATCHES, [*TRAIN[:4], *TEST, TRAIN[4]], strict=True):
        (root / BINARY / f"{name}.bin").symlink_to(SHARED / BINARY / f"{file}.bin")
    with fails(rf"{root / BINARY / 'data_batch_5'}.bin: its labels are those of test_batch"):
        cifar10(train=False)


@pytest.mark.proof
@needs_binary
def test_the_real_pictures_are_what_torchvision_reads(root, put):
    """The real test batch, pickled, read by torchvision."""
    content = np.fromfile(SHARED / BINARY / "test_batch.bin", np.uint8).reshape(-1, 3073)
    for name in BATCHES:
        put(name, pickled({"labels": content[:, 0].tolist(), "data": content[:, 1:]}))
    put("batches.meta", pickled({"label_names": CLASSES}))
    known = theirs(root, train=False)
    assert_same(cifar10(train=False), known)
    (root / PYTHON).rename(root / "elsewhere")
    (root / BINARY).symlink_to(SHARED / BINARY)
    assert_same(cifar10(train=False), known)


@pytest.mark.parametrize("train", [True, False])
def test_without_cifar10_silhouettes_are_used(monkeypatch, tmp_path, train):
    for folder in ("", str(tmp_path)):
        monkeypatch.setenv("TORCHHOUR_DATA", folder)
        ours = cifar10(train)
        images, labels = silhouettes(train)
        assert ours.source == names.cifar10() == "Silhouettes" and ours.classes == CLASSES
        assert torch.equal(ours.images, images) and torch.equal(ours.labels, labels)


def test_it_is_an_ordinary_dataset(archive):
    test = cifar10(train=False)
    image, label = test[0]
    assert isinstance(test, torch.utils.data.Dataset) and isinstance(image, Image.Image) and type(label) is int
    with pytest.raises(IndexError):
        test[len(test)]
    # Classes may be changed by whoever got them, and nobody else sees it.
    test.classes.append("unicorn")
    assert cifar10(train=False).classes == CLASSES


def test_the_transform_of_the_classic_tutorial(root, archive):
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])
    ours, known = cifar10(train=True, transform=transform), theirs(root, train=True)
    known.transform = transform
    for workers in (0, 2):  # a worker gets the dataset, and its transform, from the main process
        images, labels = next(iter(DataLoader(ours, batch_size=20, num_workers=workers)))
        assert torch.equal(images, torch.stack([image for image, _ in known]))
        assert torch.equal(labels, ours.labels)
    assert torch.allclose(images, ours.images / 127.5 - 1, atol=1e-6)


def fails(fault, remedy="delete it and run `make data`"):
    return pytest.raises(DataError, match=f"^{fault}.*; {remedy}$")


@pytest.mark.parametrize("missing", MD5)
def test_a_missing_pickled_file(archive, missing):
    (archive / missing).unlink()
    with fails(rf"{archive / missing}: this file of CIFAR-10 is missing", "run `make data` to fetch it"):
        cifar10(train=False)


@pytest.mark.parametrize("missing", BATCHES)
def test_a_missing_binary_file(records, missing):
    (records / f"{missing}.bin").unlink()
    with fails(rf"{records / missing}.bin: this file of CIFAR-10 is missing", "run `make data` to fetch it"):
        cifar10(train=False)


@pytest.mark.parametrize("name", MD5)
@pytest.mark.parametrize("damage", ["truncated", "too long", "changed"])
@pytest.mark.parametrize("train", [True, False])
def test_a_wrong_md5(archive, monkeypatch, name, damage, train):
    """Whichever file is wrong, nothing is unpickled."""
    monkeypatch.setattr(module, "_unpickle", lambda *_: pytest.fail("unpickled"))
    good = (archive / name).read_bytes()
    bad = {"truncated": good[:-1], "too long": good + b"\0", "changed": good[:-1] + b"!"}[damage]
    (archive / name).write_bytes(bad)
    found = hashlib.md5(bad).hexdigest()
    with fails(rf"{archive / name}: md5 {found}, expected {MD5[name]}"):
        cifar10(train)


@pytest.mark.parametrize("known", [True, False])
def test_a_pickle_that_names_a_foreign_class(archive, put, tmp_path, known):
    """A good batch with one thing more: a call that makes a folder. Even with the right md5, nothing runs."""
    call = f"c{os.mkdir.__module__}\nmkdir\n".encode() + python2(str(tmp_path / "made").encode()) + b"\x85R"
    content = pickled(batch(0))[:-1] + python2("extra") + call + b"s."
    if known:
        put("test_batch", content)
        fault = rf"not a pickled batch of CIFAR-10 \(it asks for {os.mkdir.__module__}.mkdir\)"
    else:
        (archive / "test_batch").write_bytes(content)
        fault = "md5 [0-9a-f]{32}, expected [0-9a-f]{32}"
    with fails(rf"{archive / 'test_batch'}: {fault}"):
        cifar10(train=False)
    assert not (tmp_path / "made").exists()
    pickle.loads(content, encoding="latin1")
    assert (tmp_path / "made").exists()  # so the call was a real one


PICKLES = {
    "no pickle": (b"<html>404</html>", r"not a pickled batch of CIFAR-10 \("),
    "empty": (b"", r"not a pickled batch of CIFAR-10 \(Ran out of input"),
    "truncated": (pickled(batch(0))[:-9], r"not a pickled batch of CIFAR-10 \("),
    "no dictionary": (pickled([1]), r"not a pickled batch of CIFAR-10 \("),
    "no data": (pickled({"labels": [1]}), r"not a pickled batch of CIFAR-10 \('data'"),
    "data is a list": (pickled({"labels": [1], "data": [1]}), r"not a pickled batch of CIFAR-10 \("),
    "one label less": (
        pickled(batch(0, labels=[1, 2, 3])),
        r"not .* \(4, 3072\), labels are .* of \(3,\)",
    ),
    "one pixel less": (pickled(batch(0, data=np.zeros((4, 3071), np.uint8))), r"not .* \(data is uint8 of \(4, 3071\)"),
    "labels are text": (pickled(batch(0, labels=["cat"] * 4)), r"not .* labels are <U3"),
    "label 10": (pickled(batch(0, labels=[0, 9, 10, 1])), "label 10 is not one of 0 to 9"),
    "label -1": (pickled(batch(0, labels=[0, 9, -1, 1])), "label -1 is not one of 0 to 9"),
}


@pytest.mark.parametrize("content, fault", PICKLES.values(), ids=PICKLES)
def test_a_broken_pickle_of_the_right_md5(archive, put, content, fault):
    put("test_batch", content)
    with fails(rf"{archive / 'test_batch'}: {fault}"):
        cifar10(train=False)
    assert len(cifar10(train=True)) == 20


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("train", [True, False])
def test_a_binary_file_of_another_size(records, name, train):
    path = records / f"{name}.bin"
    good = path.read_bytes()
    for bad in (good[:-1], good + b"\0", good[:3073], b""):
        path.write_bytes(bad)
        with fails(rf"{path}: number of bytes {len(bad)}, expected {4 * 3073}"):
            cifar10(train)


def test_a_real_binary_file_has_30730000_bytes(root):
    folder = root / BINARY
    folder.mkdir()
    for name in BATCHES:
        with (folder / f"{name}.bin").open("wb") as file:
            file.truncate(30_730_000)  # all zeros, and no room on the disk
    with fails(rf"{folder / 'data_batch_1.bin'}: its labels are not those of CIFAR-10"):
        cifar10(train=False)
    os.truncate(folder / "test_batch.bin", 30_730_001)
    with fails(rf"{folder / 'test_batch.bin'}: number of bytes 30730001, expected 30730000"):
        cifar10(train=False)


def edit(records, name, change):
    """Change a binary batch, a record a row."""
    path = records / f"{name}.bin"
    rows = np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, module.RECORD).copy()
    change(rows)
    path.write_bytes(rows.tobytes())


def one_pixel(rows):
    rows[2, 1000] ^= 1


def empty_picture(rows):
    rows[1, 1:] = 0


def white_picture(rows):
    rows[3, 1:] = 255


def next_label(rows):
    rows[:, 0] = (rows[:, 0] + 1) % 10


def other_order(rows):
    rows[:] = rows[::-1].copy()


def one_picture_twice(rows):
    rows[0, 1:] = rows[3, 1:]


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("train", [True, False])
def test_pictures_whose_sums_are_unknown_are_unverified(records, name, train):
    known = cifar10(train)
    edit(records, name, one_pixel)
    found = cifar10(train)
    assert found.source == names.cifar10() == "CIFAR-10 (unverified)"
    assert torch.equal(found.labels, known.labels)
    assert (found.images != known.images).sum() == int(name in (TRAIN if train else TEST))


DAMAGES = {
    "an empty picture": (empty_picture, "picture 1 is empty, all its bytes are 0"),
    "a white picture": (white_picture, "picture 3 is empty, all its bytes are 255"),
    "labels off by one": (next_label, "its labels are not those of CIFAR-10"),
    "another order": (other_order, "its labels are not those of CIFAR-10"),
    "a picture twice": (one_picture_twice, "1 of its pictures stand there or in another batch already"),
}


@pytest.mark.parametrize("name", ["data_batch_3", "test_batch"])
@pytest.mark.parametrize("damage, fault", DAMAGES.values(), ids=DAMAGES)
def test_what_cannot_be_cifar10_is_refused(records, name, damage, fault):
    edit(records, name, damage)
    for train in (True, False):
        with fails(rf"{records / name}.bin: {fault}"):
            cifar10(train)


def test_train_and_test_changed_places(records):
    first, second = records / "data_batch_1.bin", records / "test_batch.bin"
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    with fails(rf"{first}: its labels are those of test_batch"):
        cifar10()


def test_one_batch_five_times(records):
    for name in TRAIN[1:]:
        (records / f"{name}.bin").write_bytes((records / "data_batch_1.bin").read_bytes())
    with fails(rf"{records / 'data_batch_2'}.bin: its labels are those of data_batch_1"):
        cifar10()


def test_the_pictures_of_training_under_the_labels_of_the_test(records):
    pictures = np.frombuffer((records / "data_batch_4.bin").read_bytes(), np.uint8).reshape(-1, module.RECORD)[:, 1:]

    def put(rows):
        rows[:, 1:] = pictures

    edit(records, "test_batch", put)
    with fails(rf"{records / 'test_batch'}.bin: 4 of its pictures stand there or in another batch already"):
        cifar10()


@pytest.mark.parametrize("label", [10, 255])
def test_a_binary_label_above_9(records, label):
    content = bytearray((records / "test_batch.bin").read_bytes())
    content[3 * 3073] = label
    (records / "test_batch.bin").write_bytes(content)
    with fails(rf"{records / 'test_batch.bin'}: label {label} is not one of 0 to 9"):
        cifar10(train=False)


def as_loop(path):
    path.symlink_to(path.name)


def as_dangling(path):
    path.symlink_to("nowhere")


def as_file(path):
    path.write_bytes(b"")


NO_FOLDER = {
    "loop": (as_loop, "Too many levels of symbolic links"),
    "dangling": (as_dangling, "No such file or directory"),
    "file": (as_file, "Not a directory"),
}
NO_FILE = {
    "loop": (as_loop, "Too many levels of symbolic links"),
    "dangling": (as_dangling, "No such file or directory"),
    "folder": (Path.mkdir, "not a file"),
    "pipe": (os.mkfifo, "not a file"),  # which would keep a reader waiting for ever
}


@pytest.mark.parametrize("layout", [PYTHON, BINARY])
@pytest.mark.parametrize("make, fault", NO_FOLDER.values(), ids=NO_FOLDER)
def test_something_else_in_place_of_the_folder(root, layout, make, fault):
    make(root / layout)
    with fails(rf"{root / layout}: {fault}"):
        cifar10()


@pytest.mark.parametrize("layout, name", [("archive", "batches.meta"), ("records", "data_batch_3.bin")])
@pytest.mark.parametrize("make, fault", NO_FILE.values(), ids=NO_FILE)
def test_something_else_in_place_of_a_file(request, layout, name, make, fault):
    path = request.getfixturevalue(layout) / name
    path.unlink()
    make(path)
    with fails(rf"{path}: {fault}"):
        cifar10(train=False)


@pytest.mark.parametrize("name", ["gone", "file", "loop"])
def test_torchhour_data_names_no_folder(monkeypatch, tmp_path, name):
    as_file(tmp_path / "file")
    as_loop(tmp_path / "loop")
    monkeypatch.setenv("TORCHHOUR_DATA", str(tmp_path / name))
    with pytest.raises(DataError, match=rf"{name} is not a folder; point TORCHHOUR_DATA at .*, or unset it"):
        cifar10()


@pytest.fixture
def nobody():
    """Give up the right to read everything, for a while, in a folder that others may enter."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)

        def drop():
            if os.geteuid() == 0:
                os.seteuid(65534)
            if not os.access(folder, os.X_OK, effective_ids=True):
                pytest.skip("the folder for temporary files is closed to other users")

        yield Path(folder), drop
        if os.getuid() == 0:
            os.seteuid(0)
        for path in Path(folder).rglob("*"):
            path.chmod(0o700)
        os.chmod(folder, 0o700)


@pytest.mark.parametrize("closed", ["", PYTHON, f"{PYTHON}/batches.meta", BINARY, f"{BINARY}/data_batch_1.bin"])
def test_what_may_not_be_read(nobody, monkeypatch, closed):
    folder, drop = nobody
    monkeypatch.setenv("TORCHHOUR_DATA", str(folder))
    monkeypatch.setattr(module, "RECORDS", 0)
    layout = folder / (closed.partition("/")[0] or PYTHON)
    layout.mkdir()
    for name in MD5:
        monkeypatch.setitem(MD5, name, hashlib.md5(b"").hexdigest())
        (layout / name).touch()
        (layout / f"{name}.bin").touch()
    (folder / closed).chmod(0o311 if not closed else 0)
    drop()
    with fails(rf"{re.escape(str(folder / closed))}: Permission denied", "make it readable, or unset TORCHHOUR_DATA"):
        cifar10()
