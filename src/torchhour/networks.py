"""The network of lesson 40, for the lessons after it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Classifier(nn.Module):
    """Logits for ten classes from pictures of 3×32×32; 62,006 parameters.

    The network of *Deep Learning with PyTorch: A 60 Minute Blitz*: LeNet with three
    input channels. Takes float32 of N×3×32×32 and returns N×10, scores that
    no softmax has touched. Raises ``RuntimeError`` for pictures of other sizes.

    >>> network = Classifier()
    >>> network(torch.zeros(4, 3, 32, 32)).shape
    torch.Size([4, 10])
    >>> sum(parameter.numel() for parameter in network.parameters())
    62006
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x: Tensor) -> Tensor:  # N×3×32×32
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # N×6×14×14
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # N×16×5×5
        x = torch.flatten(x, 1)  # N×400
        x = F.relu(self.fc1(x))  # N×120
        x = F.relu(self.fc2(x))  # N×84
        return self.fc3(x)  # N×10
