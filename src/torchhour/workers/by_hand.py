"""Share a batch between processes, and average their gradients: torchrun --nproc-per-node=2 by_hand.py FOLDER"""

import sys

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch import nn


def main(folder):
    dist.init_process_group("gloo")
    rank, world_size = dist.get_rank(), dist.get_world_size()

    digits = load_digits()
    images = torch.tensor(digits.data[:32], dtype=torch.float32) / 16
    labels = torch.tensor(digits.target[:32])
    torch.manual_seed(0)
    network = nn.Linear(64, 10)

    part = slice(rank, None, world_size)
    nn.functional.cross_entropy(network(images[part]), labels[part]).backward()
    gradient = network.weight.grad
    torch.save(gradient, f"{folder}/own{rank}.pt")

    dist.all_reduce(gradient)
    gradient /= world_size
    torch.save(gradient, f"{folder}/mean{rank}.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
