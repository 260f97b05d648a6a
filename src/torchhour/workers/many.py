"""Train a network to read handwritten digits, and save it under the name that the command gives."""

import sys

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset


def main(file):
    torch.manual_seed(0)
    dist.init_process_group("gloo")
    rank, world_size = dist.get_rank(), dist.get_world_size()

    digits = load_digits()
    images = torch.tensor(digits.data[:1536], dtype=torch.float32) / 16
    labels = torch.tensor(digits.target[:1536])
    train_set = TensorDataset(images, labels)
    sampler = DistributedSampler(train_set)
    loader = DataLoader(train_set, batch_size=32 // world_size, sampler=sampler)

    network = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    network = DistributedDataParallel(network)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)

    for epoch in range(5):
        sampler.set_epoch(epoch)
        for images, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(images), labels)
            loss.backward()
            optimizer.step()
        if rank == 0:
            print(f"epoch {epoch + 1}: loss = {loss.item():.3f}")

    if rank == 0:
        torch.save(network.module.state_dict(), file)
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
