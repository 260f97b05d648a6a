"""``make data`` with small sets that the tests make, from a mirror on this machine."""

import gzip
import hashlib
import io
import os
import pickle
import re
import runpy
import signal
import struct
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.datasets import CIFAR10, MNIST
from torchvision.models import ResNet18_Weights

from test_download import closed_to_others, cut, endless, loopback, proper, redirect, stall, status, wait_until
from torchhour import download
from torchhour.data import fetch as module
from torchhour.data.digits import TEST, TRAIN, digits
from torchhour.data.fetch import main
from torchhour.data.published import LIMIT, SIZES, fetch, published

SHARED = Path(os.environ.get("TORCHHOUR_DATA") or Path(__file__).parents[2] / "shared" / "data").absolute()
BATCHES = [name for name, _ in CIFAR10.train_list + CIFAR10.test_list]
ARCHIVE = CIFAR10.filename
PACKED = [name for name, _ in MNIST.resources]
PLACES = {"CIFAR-10": "cifar-10-batches-py", "MNIST": "MNIST/raw", "ResNet-18": "checkpoints"}


def md5(content):
    return hashlib.md5(content).hexdigest()


def tar_of(files):
    """A ``.tar.gz`` of these files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def pickled(labels):
    """A batch of CIFAR-10 with so many pictures as labels."""
    return pickle.dumps({"data": np.zeros((len(labels), 3072), np.uint8), "labels": labels})


def cifar_files():
    names = [*"abcdefghij"]
    batches = {name: pickled([number]) for number, name in enumerate(BATCHES)}
    return {**batches, CIFAR10.meta["filename"]: pickle.dumps({"label_names": names})}


def publish(monkeypatch, batches, archive):
    """Have torchvision know these files of CIFAR-10."""
    for known in ("train_list", "test_list"):
        monkeypatch.setattr(CIFAR10, known, [[name, md5(batches[name])] for name, _ in getattr(CIFAR10, known)])
    meta = CIFAR10.meta["filename"]
    monkeypatch.setattr(CIFAR10, "meta", {**CIFAR10.meta, "md5": md5(batches[meta])})
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(archive))


@pytest.fixture
def mirror(monkeypatch):
    """A server of small files under the publishers' names; torchvision takes their checksums for the true ones."""
    batches = cifar_files()
    files = {**batches, "readme.html": b"<p>"}
    archive = tar_of({f"cifar-10-batches-py/{name}": content for name, content in files.items()})
    publish(monkeypatch, batches, archive)
    digits = {name: gzip.compress(struct.pack(">II", 0x801, 3) + name[:3].encode(), mtime=0) for name in PACKED}
    monkeypatch.setattr(MNIST, "resources", [(name, md5(content)) for name, content in digits.items()])
    saved = io.BytesIO()
    torch.save({"weight": torch.arange(3.0)}, saved)
    weights = f"resnet18-{hashlib.sha256(saved.getvalue()).hexdigest()[:8]}.pth"
    monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", f"https://publisher.invalid/models/{weights}")
    monkeypatch.setattr(download, "PAUSE", 0.001)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("TORCHHOUR_DATA", raising=False)
    with loopback({ARCHIVE: archive, **digits, weights: saved.getvalue()}) as state:
        monkeypatch.setenv("TORCHHOUR_MIRROR", state.address)
        state.weights = weights
        yield state


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def names(server):
    """What was asked for, in order."""
    return [path.lstrip("/") for path, _ in server.asked]


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def whole(folder, *sets):
    return [f"{name}: whole in {folder / PLACES[name]}" for name in sets or PLACES]


def test_all_sets_arrive(mirror, folder, capsys):
    assert main([str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [*whole(folder), f"To use the data, set TORCHHOUR_DATA={folder}"]
    assert err == ""
    assert names(mirror) == [ARCHIVE, *PACKED, mirror.weights]
    expected = [f"cifar-10-batches-py/{name}" for name in [*BATCHES, "batches.meta"]]
    expected += [f"MNIST/raw/{name}" for name in PACKED] + [f"checkpoints/{mirror.weights}", f"downloads/{ARCHIVE}"]
    assert [name for name in files_in(folder) if not name.endswith(".lock")] == sorted(expected)


def test_torchvision_finds_all_of_it(mirror, folder, monkeypatch):
    main([str(folder)])
    asked = len(mirror.asked)
    train, test = CIFAR10(folder), CIFAR10(folder, train=False)
    assert (train.targets, test.targets, train.classes) == ([0, 1, 2, 3, 4], [5], [*"abcdefghij"])
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    torch.hub.set_dir(folder)
    assert torch.equal(ResNet18_Weights.DEFAULT.get_state_dict()["weight"], torch.arange(3.0))
    assert len(mirror.asked) == asked


def test_what_is_whole_is_not_fetched_again(mirror, folder):
    main([str(folder)])
    del mirror.asked[:]
    (folder / "MNIST/raw" / PACKED[1]).unlink()
    (folder / "checkpoints" / mirror.weights).write_bytes(b"broken")
    assert main([str(folder)]) == 0
    assert names(mirror) == [PACKED[1], mirror.weights]


def test_a_broken_batch_comes_from_the_archive_at_hand(mirror, folder):
    main([str(folder)])
    del mirror.asked[:]
    (folder / "cifar-10-batches-py/test_batch").write_bytes(b"broken")
    (folder / "cifar-10-batches-py/notes").write_text("the reader's own")
    assert main([str(folder)]) == 0
    assert mirror.asked == []
    assert len(CIFAR10(folder, train=False)) == 1
    assert (folder / "cifar-10-batches-py/notes").exists()


def test_without_the_downloads_nothing_is_missing(mirror, folder):
    main([str(folder)])
    del mirror.asked[:]
    for path in (folder / "downloads").iterdir():
        path.unlink()
    assert main([str(folder)]) == 0 and mirror.asked == []


def test_a_file_brought_by_hand_is_used(mirror, folder):
    (folder / "downloads").mkdir(parents=True)
    (folder / "downloads" / ARCHIVE).write_bytes(mirror.files[ARCHIVE])
    assert main([str(folder)]) == 0
    assert ARCHIVE not in names(mirror)


def test_half_an_unpacking_is_begun_anew(mirror, folder):
    left = folder / "downloads/CIFAR-10.unpacked/cifar-10-batches-py"
    left.mkdir(parents=True)
    (left / "test_batch").write_bytes(b"half")
    assert main([str(folder)]) == 0
    assert len(CIFAR10(folder, train=False)) == 1
    assert not left.exists()


def test_the_line_may_break(mirror, folder):
    mirror.answers = [status(503), cut(100), redirect(ARCHIVE)]
    assert main([str(folder)]) == 0


@pytest.mark.parametrize("name", ["CIFAR-10", "MNIST", "ResNet-18"])
def test_a_set_that_fails_does_not_stop_the_others(mirror, folder, capsys, name):
    broken = {"CIFAR-10": ARCHIVE, "MNIST": PACKED[2], "ResNet-18": mirror.weights}[name]
    mirror.files[broken] = b"wrong"
    assert main([str(folder)]) == 1
    out, err = capsys.readouterr()
    others = [one for one in PLACES if one != name]
    assert out.splitlines() == [*whole(folder, *others), f"To use the data, set TORCHHOUR_DATA={folder}"]
    first, last = err.splitlines()
    fault = "(md5|sha256) [0-9a-f]+, expected [0-9a-f]+; run again"
    assert re.match(f"{name}: failed: {mirror.address}{broken}: {fault}", first)
    assert last.startswith("1 of 3 sets failed; run again, which resumes what broke off, or name another server")
    assert not (folder / PLACES[name]).exists()  # the lessons go on with what they embed


def test_what_a_failed_run_brought_is_kept(mirror, folder):
    good, mirror.files[PACKED[2]] = mirror.files[PACKED[2]], b"wrong"
    assert main([str(folder)]) == 1
    del mirror.asked[:]
    mirror.files[PACKED[2]] = good
    assert main([str(folder)]) == 0
    assert names(mirror) == PACKED[2:]


def test_nothing_arrives(mirror, folder, capsys):
    mirror.files.clear()
    assert main([str(folder)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 4 and err.count("HTTP Error 404: Not Found") == 3


def test_the_publishers_are_asked_in_order_without_a_mirror(mirror, folder, monkeypatch, capsys):
    """MNIST has two: where the first lacks a file, the second is asked."""
    with loopback({}) as empty:
        monkeypatch.delenv("TORCHHOUR_MIRROR")
        monkeypatch.setattr(MNIST, "mirrors", [empty.address, mirror.address])
        monkeypatch.setattr(CIFAR10, "url", empty.address + "kriz/" + ARCHIVE)
        monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", empty.address + "models/" + mirror.weights)
        assert main([str(folder)]) == 1
        assert names(empty) == [f"kriz/{ARCHIVE}", *PACKED, f"models/{mirror.weights}"]
    assert names(mirror) == PACKED
    mirror.files.pop(PACKED[0])
    faults = f"{empty.address}.* refused.*; {mirror.address}{PACKED[0]}: .*404"
    with pytest.raises(download.DownloadError, match=faults):
        fetch(published()[1], folder / "other")


def test_an_archive_that_lacks_a_file(mirror, folder, capsys, monkeypatch):
    archive = tar_of({f"cifar-10-batches-py/{name}": b"" for name in BATCHES[1:]})
    mirror.files[ARCHIVE] = archive
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(archive))
    assert main([str(folder)]) == 1
    fault = rf"downloads/{ARCHIVE}: data_batch_1, .*, batches.meta missing or not as published; delete it and run again"
    assert re.search(fault, capsys.readouterr().err)
    assert not (folder / "cifar-10-batches-py").exists()


def test_an_archive_that_reaches_out(mirror, folder, capsys, monkeypatch):
    mirror.files[ARCHIVE] = tar_of({"../../evil": b"evil"})
    monkeypatch.setattr(CIFAR10, "tgz_md5", md5(mirror.files[ARCHIVE]))
    assert main([str(folder)]) == 1
    assert re.search(r"CIFAR-10: failed: .*evil.*outside the destination", capsys.readouterr().err)
    assert not list(folder.rglob("evil")) and not list(folder.parent.glob("evil"))


def test_a_place_that_cannot_be(mirror, folder, capsys):
    folder.mkdir()
    (folder / "MNIST").write_text("a file")
    assert main([str(folder)]) == 1
    fault = f"MNIST: failed: {folder}/MNIST.*: .*; make room or choose another folder"
    assert re.search(fault, capsys.readouterr().err)


def test_the_folder_is_that_of_the_lessons(mirror, folder, monkeypatch, capsys):
    monkeypatch.setenv("TORCHHOUR_DATA", str(folder))
    assert main([]) == 0
    assert whole(folder)[0] in capsys.readouterr().out
    monkeypatch.delenv("TORCHHOUR_DATA")
    monkeypatch.chdir(folder.parent)
    del mirror.asked[:]
    assert main([]) == 0  # ./data is the same
    assert mirror.asked == []


def test_torchvision_and_the_lessons_name_the_same_files():
    """What is fetched is what ``digits`` reads; torchvision's own lists are whole."""
    cifar, mnist, resnet = published()
    assert mnist.files == {name: {"md5": md5} for name, _, md5 in TRAIN + TEST}
    assert len(cifar.files) == 7 and list(cifar.archive.values()) == [{"md5": "c58f30108f718f92721af3b95e74349a"}]
    assert cifar.servers == ["https://www.cs.toronto.edu/~kriz"]
    assert resnet.servers == ["https://download.pytorch.org/models"]
    ((name, checksum),) = resnet.files.items()
    assert re.fullmatch(rf"resnet18-{checksum['sha256']}\.pth", name) and len(checksum["sha256"]) == 8


def test_two_at_once_fetch_once(mirror, folder, capsys):
    mirror.answers = [stall(5)]
    mnist = published()[1]
    pair = [threading.Thread(target=fetch, args=(mnist, folder)) for _ in range(2)]
    pair[0].start()
    wait_until(lambda: (folder / "downloads" / f"{PACKED[0]}.part").exists())
    pair[1].start()
    said = []
    wait_until(lambda: said.append(capsys.readouterr().err) or any(said))
    mirror.wait.set()
    for thread in pair:
        thread.join(10)
    said.append(capsys.readouterr().err)
    assert "".join(said) == f"{folder}/downloads/MNIST: another process is fetching this; waiting for it\n"
    assert names(mirror) == PACKED and mnist.missing(folder) == []


def test_ctrl_c(mirror, folder, monkeypatch, capsys):
    def interrupt(reply, body):
        cut(100)(reply, body)
        part = folder / "downloads" / f"{ARCHIVE}.part"
        wait_until(lambda: part.exists() and part.stat().st_size == 100)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        reply.server.wait.wait(10)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    mirror.answers = [interrupt]
    assert main([str(folder)]) == 130
    signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err == "interrupted; run again to resume\n"
    assert main([str(folder)]) == 0
    assert mirror.asked[1] == (f"/{ARCHIVE}", "bytes=100-")


@pytest.mark.skipif(not (SHARED / "MNIST/raw").is_dir(), reason="no MNIST/raw in TORCHHOUR_DATA, nor in shared/data")
def test_the_command_on_the_real_mnist(folder, monkeypatch, capsys):
    """As ``python -m`` runs it; the other two sets are not to be had."""
    files = {name: (SHARED / "MNIST/raw" / name).read_bytes() for name in PACKED}
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(sys, "argv", ["fetch", str(folder)])
    with loopback(files) as server, pytest.raises(SystemExit) as stopped:
        monkeypatch.setenv("TORCHHOUR_MIRROR", server.address)
        server.answers = [proper, cut(5_000_000)]
        runpy.run_path(module.__file__, run_name="__main__")
    out, err = capsys.readouterr()
    assert stopped.value.code == 1
    assert out.splitlines() == [*whole(folder, "MNIST"), f"To use the data, set TORCHHOUR_DATA={folder}"]
    assert "broke off after 5,000,000 of 9,912,422 bytes; trying again" in err and "2 of 3 sets failed" in err
    monkeypatch.setenv("TORCHHOUR_DATA", str(folder))
    assert digits(train=True).source == "MNIST (TORCHHOUR_DATA)"


@pytest.mark.skipif(not (SHARED / "MNIST/raw").is_dir(), reason="no MNIST/raw in TORCHHOUR_DATA, nor in shared/data")
def test_the_limits_are_the_sizes_of_the_real_files():
    assert {name: (SHARED / "MNIST/raw" / name).stat().st_size for name in PACKED} == {
        name: SIZES[name] for name in PACKED
    }


def test_every_published_file_has_a_limit():
    asked = [name for one in published() for name in one.archive or one.files]
    assert asked[:5] == list(SIZES)
    megabytes = ResNet18_Weights.DEFAULT.meta["_file_size"]  # of 2**20 bytes
    assert megabytes < LIMIT / 2**20 < 2 * megabytes


def test_an_endless_server_stops_at_the_limit(mirror, folder, capsys, monkeypatch):
    monkeypatch.setitem(SIZES, ARCHIVE, 200_000)
    mirror.answers = [endless]
    assert main([str(folder)]) == 1
    out, err = capsys.readouterr()
    assert f"CIFAR-10: failed: {mirror.address}{ARCHIVE}: more than 200,000 bytes; check the address" in err
    assert out.splitlines()[:2] == whole(folder, "MNIST", "ResNet-18")
    assert not (folder / "downloads" / f"{ARCHIVE}.part").exists()


def test_a_set_that_cannot_be_looked_at_does_not_stop_the_others(mirror, folder, capsys):
    """Its files are links into a name that is too long for the system."""
    (folder / "MNIST/raw").mkdir(parents=True)
    (folder / "MNIST/raw" / PACKED[0]).symlink_to("x" * 300)
    assert main([str(folder)]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[:2] == whole(folder, "CIFAR-10", "ResNet-18")
    fault = f"MNIST: failed: {folder}/MNIST/raw/{PACKED[0]}: File name too long; make room or choose another folder"
    assert fault in err and "1 of 3 sets failed" in err


def test_a_mirror_that_wants_a_login(mirror, folder, capsys, monkeypatch):
    monkeypatch.setenv("TORCHHOUR_MIRROR", mirror.address.replace("//", "//user:secret@"))
    mirror.answers = [closed_to_others("user:secret")] * 6
    assert main([str(folder)]) == 0
    monkeypatch.setenv("TORCHHOUR_MIRROR", mirror.address.replace("//", "//user:secret/@"))
    assert main([str(folder / "other")]) == 1
    out, err = capsys.readouterr()
    assert err.count("the address cannot be read; write it like http://name:password@host/path") == 3
    assert "secret" not in out + err and "Traceback" not in err


@pytest.mark.parametrize("given", [True, False])
def test_nobodys_home(monkeypatch, tmp_path, capsys, given):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCHHOUR_DATA", "~nosuchuser/data")
    assert main(["~nosuchuser/data"] if given else []) == 2
    fault = "~nosuchuser/data: nobody here has this home; name another folder, or correct TORCHHOUR_DATA\n"
    assert capsys.readouterr() == ("", fault)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_it_starts(tmp_path):
    """While torch is being imported, which takes seconds; a module of its name stands in the way."""
    (tmp_path / "torchvision").mkdir()
    (tmp_path / "torchvision/__init__.py").write_text("print('begun', flush=True)\nimport time\ntime.sleep(60)\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(module.__file__).parents[2])])}
    code = "import signal, runpy\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "runpy.run_module('torchhour.data.fetch', run_name='__main__')"
    command = [sys.executable, "-c", code]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "interrupted; run again to resume\n")
    assert process.returncode == 130


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_about_page_tells_how_the_data_come_into_use(code):
    page = (Path(__file__).parents[1] / "docs/about.rst").read_text("utf-8")
    section = next(part for part in page.split(f"%% {code}\n") if part.startswith(".. _about-data:")).partition("%%")[0]
    for words in ("TORCHHOUR_DATA=data make html", 'os.environ["TORCHHOUR_DATA"]', "CIFAR-10 (unverified)"):
        assert f"``{words}" in section
