"""The loops of lesson 40, for the lessons after it: one epoch of training, and what a test counts.

A *loader* is anything that yields batches, pairs of pictures and labels: most
often a ``DataLoader``. Each batch is moved to where the network's parameters are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Batches = Iterable[tuple[Tensor, Tensor]]


def train_epoch(
    network: nn.Module, loader: Batches, criterion: Callable[[Tensor, Tensor], Tensor], optimizer: Optimizer
) -> list[float]:
    """Train through ``loader`` once, one step for each batch; return the loss of each step.

    ``criterion`` takes logits of N×K and labels of N, as ``nn.CrossEntropyLoss``
    does. Leaves the network in training mode.

    >>> network = nn.Linear(1, 2)
    >>> optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
    >>> batch = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    >>> losses = train_epoch(network, [batch] * 3, nn.CrossEntropyLoss(), optimizer)
    >>> len(losses), losses[2] < losses[0]
    (3, True)
    """
    device = _device(network)
    network.train()
    losses = []
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(network(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def predict(network: nn.Module, loader: Batches) -> tuple[Tensor, Tensor]:
    """The network's logits, N×K, and the labels, N, of all of ``loader``, in its order, on the CPU.

    Runs in evaluation mode, then puts every layer back in the mode it had.
    Raises ``ValueError`` where the loader yields nothing.

    >>> logits, labels = predict(nn.Identity(), [(torch.eye(2), torch.tensor([0, 1]))] * 3)
    >>> logits.shape, labels.shape
    (torch.Size([6, 2]), torch.Size([6]))
    """
    modes = [(layer, layer.training) for layer in network.modules()]
    device = _device(network)
    network.eval()
    try:
        parts = [(network(images.to(device)).cpu(), labels.cpu()) for images, labels in loader]
    finally:
        for layer, training in modes:
            layer.training = training
    if not parts:
        raise ValueError("the loader yields no batch; give it a dataset that is not empty")
    logits, labels = (torch.cat(part) for part in zip(*parts, strict=True))
    return logits, labels


def accuracy(network: nn.Module, loader: Batches) -> float:
    """The share, 0 to 1, of pictures whose largest logit is that of their label.

    Raises ``ValueError`` where the loader yields nothing.

    >>> accuracy(nn.Identity(), [(torch.eye(4), torch.tensor([0, 1, 2, 0]))])
    0.75
    """
    logits, labels = predict(network, loader)
    return (logits.argmax(dim=1) == labels).sum().item() / len(labels)


def confusion_matrix(labels: Tensor, predictions: Tensor, classes: int) -> Tensor:
    """Count the pictures with label ``i`` and prediction ``j`` in row ``i``, column ``j``.

    Takes two int64 tensors of N; returns int64 of classes×classes. Raises
    ``ValueError`` where they differ in shape or hold other than 0 to ``classes`` − 1.

    >>> confusion_matrix(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1]), classes=2)
    tensor([[1, 1],
            [0, 1]])
    """
    if labels.shape != predictions.shape or labels.dim() != 1:
        shapes = f"{tuple(labels.shape)} and {tuple(predictions.shape)}"
        raise ValueError(f"labels and predictions have shapes {shapes}; give two tensors of one length")
    for name, values in (("labels", labels), ("predictions", predictions)):
        if len(values) and (values.min() < 0 or values.max() >= classes):
            found = f"{values.min().item()} to {values.max().item()}"
            raise ValueError(f"{name} go from {found}; give integers from 0 to {classes - 1}")
    return torch.bincount(classes * labels + predictions, minlength=classes**2).view(classes, classes)


def _device(network: nn.Module) -> torch.device:
    """Where the network's parameters are; the CPU where it has none."""
    return next((parameter.device for parameter in network.parameters()), torch.device("cpu"))
