"""Train a network to read handwritten digits, and save it under the name that the command gives."""

import sys

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def main(file):
    torch.manual_seed(0)

    digits = load_digits()
    images = torch.tensor(digits.data[:1536], dtype=torch.float32) / 16
    labels = torch.tensor(digits.target[:1536])
    train_set = TensorDataset(images, labels)
    loader = DataLoader(train_set, batch_size=32, shuffle=True)

    network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)

    for epoch in range(5):
        for images, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(images), labels)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}: loss = {loss.item():.3f}")

    torch.save(network.state_dict(), file)


if __name__ == "__main__":
    main(sys.argv[1])
