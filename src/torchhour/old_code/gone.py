"""Old lines that raise an error because something is no longer there: a name, a module, a function."""

from __future__ import annotations

from torchhour.old_code.line import OldLine

LOADER = "loader = torch.utils.data.DataLoader([1, 2])"
MATRIX = "A = torch.tensor([[2.0, 1.0], [1.0, 2.0]])"
EQUATION = f"{MATRIX}\nB = torch.ones(2, 1)"
REMOVED = "RuntimeError: This function was deprecated since version 1.9 and is now removed."
SIX = "ModuleNotFoundError: No module named 'torch._six'"

NAMES = [
    OldLine(
        "nn.Conv2D(1, 6, 5)", "nn.Conv2d(1, 6, 5)", ["AttributeError: module 'torch.nn' has no attribute 'Conv2D'"]
    ),
    OldLine(
        "transforms.Scale(32)",
        "transforms.Resize(32)",
        ["AttributeError: module 'torchvision.transforms' has no attribute 'Scale'"],
    ),
    OldLine(
        "transforms.RandomSizedCrop(32)",
        "transforms.RandomResizedCrop(32).size",
        ["AttributeError: module 'torchvision.transforms' has no attribute 'RandomSizedCrop'"],
    ),
    OldLine(
        "np.array([1, 2], dtype=np.float)",
        "np.array([1, 2], dtype=float)",
        ["AttributeError: module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias"],
    ),
    OldLine(
        "np.array([1, 2], dtype=np.int)",
        "np.array([1, 2], dtype=int)",
        ["AttributeError: module 'numpy' has no attribute 'int'.\n`np.int` was a deprecated alias"],
    ),
    OldLine(
        "picture.resize((16, 16), Image.ANTIALIAS).size",
        "picture.resize((16, 16), Image.LANCZOS).size",
        ["AttributeError: module 'PIL.Image' has no attribute 'ANTIALIAS'"],
        given='from PIL import Image\npicture = Image.new("L", (32, 32))',
    ),
]

MODULES = [
    OldLine("from torch._six import container_abcs", "import collections.abc as container_abcs", [SIX]),
    OldLine("from torch._six import string_classes", "string_classes = (str, bytes)", [SIX]),
    OldLine(
        "from collections import Iterable",
        "from collections.abc import Iterable",
        ["ImportError: cannot import name 'Iterable' from 'collections'"],
    ),
    OldLine(
        "from torchvision.models.utils import load_state_dict_from_url",
        "from torch.hub import load_state_dict_from_url",
        ["ModuleNotFoundError: No module named 'torchvision.models.utils'"],
    ),
    OldLine(
        "from torchvision.models.resnet import model_urls",
        "models.ResNet18_Weights.DEFAULT.url",
        ["ImportError: cannot import name 'model_urls' from 'torchvision.models.resnet'"],
    ),
    OldLine(
        "from torchvision.transforms.functional_tensor import rgb_to_grayscale",
        "from torchvision.transforms.functional import rgb_to_grayscale",
        ["ModuleNotFoundError: No module named 'torchvision.transforms.functional_tensor'"],
    ),
    OldLine(
        "import torch.legacy.nn as nn", "from torch import nn", ["ModuleNotFoundError: No module named 'torch.legacy'"]
    ),
    OldLine(
        "from torch.utils.ffi import create_extension",
        "from torch.library import custom_op",
        ["ModuleNotFoundError: No module named 'torch.utils.ffi'"],
    ),
    OldLine(
        "from torch.utils.data.dataloader import DataLoaderIter\nDataLoaderIter(loader)",
        "next(iter(loader))",
        ["ImportError: cannot import name 'DataLoaderIter' from 'torch.utils.data.dataloader'"],
        given=LOADER,
    ),
    OldLine(
        "from torchtext.data import Field",
        "{word: index for index, word in enumerate(sorted(set(text.split())))}",
        ["ModuleNotFoundError: No module named 'torchtext'"],
        given='text = "old code is code"',
    ),
]

MATHEMATICS = [
    OldLine("torch.symeig(A, eigenvectors=True)", "torch.linalg.eigh(A)", [REMOVED], MATRIX),
    OldLine("torch.eig(A)", "torch.linalg.eigvals(A)", [REMOVED], MATRIX),
    OldLine("torch.qr(A)", "torch.linalg.qr(A)", [REMOVED], MATRIX),
    OldLine("torch.cholesky(A)", "torch.linalg.cholesky(A)", [REMOVED], MATRIX),
    OldLine("torch.matrix_rank(A)", "torch.linalg.matrix_rank(A)", [REMOVED], MATRIX),
    OldLine("X, LU = torch.solve(B, A)", "X = torch.linalg.solve(A, B)", [REMOVED], EQUATION, then="X"),
    OldLine("X, QR = torch.lstsq(B, A)", "X = torch.linalg.lstsq(A, B).solution", [REMOVED], EQUATION, then="X"),
    OldLine(
        "X, LU = torch.gesv(B, A)",
        "X = torch.linalg.solve(A, B)",
        ["AttributeError: module 'torch' has no attribute 'gesv'"],
        given=EQUATION,
        then="X",
    ),
    OldLine(
        "torch.rfft(x, 1)",
        "torch.view_as_real(torch.fft.rfft(x))",
        ["AttributeError: module 'torch' has no attribute 'rfft'"],
        given="x = torch.ones(4)",
    ),
    OldLine(
        "torch.fft(z, 1)",
        "torch.fft.fft(torch.view_as_complex(z))",
        ["TypeError: 'module' object is not callable"],
        given="z = torch.ones(2, 2)",
    ),
    OldLine(
        "torch.stft(x, 4, window=window)",
        "torch.stft(x, 4, window=window, return_complex=True).shape",
        ["RuntimeError: stft requires the return_complex parameter be given for real inputs"],
        given="x, window = torch.ones(8), torch.hann_window(4)",
    ),
]

LINES = NAMES + MODULES + MATHEMATICS
