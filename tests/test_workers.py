"""The scripts of lesson 50: alone, in one process or many, on one machine or, as it were, two."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy

from places import REPOSITORY
from torchhour.launch import LaunchError, launch
from torchhour.workers import by_hand, many, one

WORKERS = REPOSITORY / "src/torchhour/workers"
#: What the lesson says has to change in ``many.py`` for GPUs.
GPUS = """\
-    dist.init_process_group("gloo")
+    torch.accelerator.set_device_index(dist.get_node_local_rank())
+    device = torch.accelerator.current_accelerator()
+    dist.init_process_group("nccl")
-    network = DistributedDataParallel(network)
+    network = DistributedDataParallel(network.to(device))
         for images, labels in loader:
+            images, labels = images.to(device), labels.to(device)
""".splitlines()


def far(one: dict, other: dict) -> float:
    """The largest difference between the weights of two networks of one shape."""
    assert one.keys() == other.keys()
    return max((one[name] - other[name]).abs().max().item() for name in one)


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> dict:
    """What ``many.py`` learns in two processes."""
    file = tmp_path_factory.mktemp("two") / "many.pt"
    launch(many, file, processes=2)
    return torch.load(file)


def test_the_difference_is_the_one_shown():
    shown = (WORKERS / "many.diff").read_text("utf-8").splitlines()
    for script, mark in ((one, "-"), (many, "+")):
        lines = [line[1:] for line in shown if line[:1] in ("", " ", mark)]
        assert lines == Path(script.__file__).read_text("utf-8").splitlines()


@pytest.mark.proof
@pytest.mark.parametrize("processes", [2, 3])
def test_by_hand_all_get_the_gradient_of_the_whole_batch(tmp_path, processes):
    """Three cannot share 32 pictures equally, and so get another one."""
    launch(by_hand, tmp_path, processes=processes)
    own, mean = ([torch.load(tmp_path / f"{name}{rank}.pt") for rank in range(processes)] for name in ("own", "mean"))
    torch.manual_seed(0)
    network = torch.nn.Linear(64, 10)
    images, labels = pictures(32)
    cross_entropy(network(images), labels).backward()
    for gradient in mean:
        assert torch.allclose(gradient, network.weight.grad, atol=1e-6) == (processes == 2)
        assert torch.equal(gradient, mean[0])
    assert torch.allclose(sum(own) / processes, mean[0], atol=1e-6)
    assert not torch.allclose(own[0], own[1], atol=1e-2)


@pytest.mark.proof
@pytest.mark.parametrize("processes", [1, 4])
def test_however_many_share_a_batch_they_learn_the_same(tmp_path, two, processes):
    launch(many, tmp_path / "many.pt", processes=processes)
    assert far(torch.load(tmp_path / "many.pt"), two) < 1e-4


@pytest.mark.proof
def test_one_process_learns_as_much_from_another_order(tmp_path, two, capsys):
    one.main(tmp_path / "one.pt")
    printed = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in printed] == [f"epoch {number}" for number in range(1, 6)]
    alone = torch.load(tmp_path / "one.pt")
    assert far(alone, two) > 1e-2
    images, labels = (part[1536:] for part in pictures(1797))
    network = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
    accuracies = []
    for weights in (alone, two):
        network.load_state_dict(weights)
        accuracies.append((network(images).argmax(dim=1) == labels).float().mean().item())
    assert min(accuracies) > 0.85 and abs(accuracies[0] - accuracies[1]) < 0.04


@pytest.mark.proof
def test_seeds_may_differ_and_all_have_the_same_weights(tmp_path, two):
    """DDP begins with rank 0's weights."""
    text = Path(many.__file__).read_text("utf-8")
    changes = {
        "    torch.manual_seed(0)\n": "",
        "dist.get_world_size()\n": "dist.get_world_size()\n    torch.manual_seed(rank)\n",
        "    if rank == 0:\n        torch.save(": '    if True:\n        file += f"-{rank}"\n        torch.save(',
    }
    launch(edited(tmp_path, text, changes), tmp_path / "many.pt")
    first, second = (torch.load(tmp_path / f"many.pt-{rank}") for rank in range(2))
    assert far(first, second) == 0 and far(first, two) < 1e-4


@pytest.mark.proof
@pytest.mark.parametrize("name", ["by_hand.py", "one.py", "many.py"])
def test_a_downloaded_file_needs_nothing_of_ours(tmp_path, name):
    """In an empty folder, where nobody finds torchhour, with the command that the lesson shows."""
    text = (WORKERS / name).read_text("utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    assert "torchhour" not in text
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--local-addr=127.0.0.1", "--nproc-per-node=2"]
    target = "." if name == "by_hand.py" else "network.pt"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *(torchrun if name != "one.py" else []), name, target],
        cwd=tmp_path,
        env=environment | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.count("epoch") == (0 if name == "by_hand.py" else 5)
    assert len(list(tmp_path.glob("*.pt"))) == (4 if name == "by_hand.py" else 1)


@pytest.mark.proof
@pytest.mark.parametrize("each", [1, 2])
def test_two_machines_meet(tmp_path, two, each):
    """Two torchrun with the command that the lesson shows, at a port of the loopback interface that is free."""
    ranks = tmp_path / "ranks.py"
    told = '" ".join(os.environ[name] for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"))'
    ranks.write_text(f"import os\nos.write(1, f'{{{told}}}\\n'.encode())")
    script = Path(many.__file__) if each == 1 else ranks  # four that learn would take long
    store = torch.distributed.TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    command = [sys.executable, "-m", "torch.distributed.run", "--nnodes=2", f"--nproc-per-node={each}"]
    command += ["--rdzv-id=digits", "--rdzv-backend=c10d", f"--rdzv-endpoint=127.0.0.1:{store.port}"]
    # There it meets a store that is open already, which is how the port stays ours.
    command += ["--rdzv-conf=is_host=0", "--local-addr=127.0.0.1", script, "many.pt"]
    machines = []
    with contextlib.ExitStack() as stack:
        for number in range(2):
            folder = tmp_path / str(number)
            folder.mkdir()
            environment = os.environ | {"OMP_NUM_THREADS": "1"}
            machine = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
            stack.callback(machine.kill)
            machines.append(machine)
        printed = [machine.communicate(timeout=120)[0] for machine in machines]
        assert [machine.returncode for machine in machines] == [0, 0]
    if script == ranks:
        rows = [sorted(part.splitlines()) for part in printed]
        assert sorted(rows) == [["0 0 4", "1 1 4"], ["2 0 4", "3 1 4"]]
    else:
        [saved] = tmp_path.glob("*/many.pt")  # where rank 0 is
        zero = int(saved.parent.name)
        assert printed[zero].count("epoch") == 5 and printed[1 - zero] == ""
        assert far(torch.load(saved), two) < 1e-4


@pytest.mark.proof
def test_a_parameter_without_a_gradient_is_an_error(tmp_path):
    text = Path(many.__file__).read_text("utf-8")
    text = text.replace("\n\ndef main", CLASS + "\n\ndef main", 1)
    wrap = "    network = DistributedDataParallel(network)"
    with pytest.raises(LaunchError, match="find_unused_parameters=True"):
        launch(edited(tmp_path, text, {wrap: f"    network = Unused()\n{wrap}"}), tmp_path / "many.pt")
    asked = wrap.replace("(network)", "(network, find_unused_parameters=True)")
    launch(edited(tmp_path, text, {wrap: f"    network = Unused()\n{asked}"}), tmp_path / "many.pt")


CLASS = """

class Unused(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.unused = nn.Linear(64, 10), nn.Linear(1, 1)

    def forward(self, x):
        return self.used(x)
"""


@pytest.mark.proof
def test_cut_up_it_learns_the_same(tmp_path, two):
    """FSDP with the lines of the lesson, on CPUs: the weights of two processes, put together."""
    text = Path(many.__file__).read_text("utf-8")
    changes = {
        "    network = DistributedDataParallel(network)\n": FULLY_SHARD,
        "        torch.save(network.module.state_dict(), file)": "        torch.save(whole, file)",
        "    if rank == 0:\n        torch.save": WHOLE + "    if rank == 0:\n        torch.save",
    }
    launch(edited(tmp_path, text, changes), tmp_path / "many.pt")
    assert far(torch.load(tmp_path / "many.pt"), two) < 1e-4


FULLY_SHARD = """\
    from torch.distributed.fsdp import fully_shard

    for layer in network:
        if isinstance(layer, nn.Linear):
            fully_shard(layer)
    fully_shard(network)
"""
WHOLE = """\
    assert sum(value.to_local().numel() for value in network.parameters()) < 1300
    whole = {name: value.full_tensor() for name, value in network.state_dict().items()}
"""


def test_the_changes_for_gpus(tmp_path):
    """They are those of the lesson, and fit the script; where there are GPUs, they run."""
    lesson = (REPOSITORY / "gallery/50_data_parallel.py").read_text("utf-8")
    assert lesson.count("".join(f"#    {line}\n" for line in GPUS)) == 2
    text = Path(many.__file__).read_text("utf-8")
    gone = "".join(f"{line[1:]}\n" for line in GPUS if line[0] == "-")
    new = [f"{line[1:]}\n" for line in GPUS if line[0] == "+"]
    first, second = gone.splitlines(keepends=True)
    [loop] = [f"{line[1:]}\n" for line in GPUS if line[0] == " "]
    script = edited(tmp_path, text, {first: "".join(new[:3]), second: new[3], loop: loop + new[4]})
    compile(script.read_text("utf-8"), str(script), "exec")
    assert torch.distributed.get_default_backend_for_device("cuda") == "nccl"
    if torch.cuda.is_available():
        launch(script, tmp_path / "many.pt", processes=torch.cuda.device_count())
        assert (tmp_path / "many.pt").exists()


def pictures(number: int) -> tuple[torch.Tensor, torch.Tensor]:
    from sklearn.datasets import load_digits

    digits = load_digits()
    return torch.tensor(digits.data[:number], dtype=torch.float32) / 16, torch.tensor(digits.target[:number])


def edited(folder: Path, text: str, changes: dict[str, str]) -> Path:
    """A script with some lines changed, each of which stands there once."""
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "edited.py"
    path.write_text(text, "utf-8")
    return path
