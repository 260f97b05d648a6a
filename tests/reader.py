"""Readers of the lessons, who have no network: one with the zip, one with a single file of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
import pytest

from offline import cut

REPOSITORY = Path(__file__).parent.parent
LANGUAGES = ["zh", "en"]
#: Figures as the page has them: notebooks would cut their margins.
UNCUT = 'c = get_config()\nc.InlineBackend.print_figure_kwargs = {"bbox_inches": None}\n'


@dataclass
class Reader:
    """Someone with an environment, and with lessons in a folder for each language."""

    environment: Path
    home: Path
    lessons: dict[str, Path]

    def run(self, folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's commands in a folder, without a network, without a screen."""
        offline, proxies = cut()
        whole = [*offline, str(self.environment / "bin" / command[0]), *command[1:]]
        variables = {**self.variables(), **proxies, **variables}
        return subprocess.run(whole, cwd=folder, env=variables, capture_output=True, text=True, check=False)

    def variables(self) -> dict[str, str]:
        """Nothing of whoever runs the tests but the data that the site was built on."""
        tools = f"{self.environment / 'bin'}{os.pathsep}{os.defpath}"
        data = {name: os.path.abspath(path) for name, path in os.environ.items() if name == "TORCHHOUR_DATA" and path}
        return {"HOME": str(self.home), "PATH": tools, "LANG": "C.UTF-8", **data}

    def stored(self, code: str, name: str) -> nbformat.NotebookNode:
        """A notebook as it was downloaded."""
        return nbformat.read(self.lessons[code] / f"{name}.ipynb", 4)


def home(folder: Path) -> Path:
    """A home with nothing in it but a setting of Jupyter's."""
    profile = folder / "home/.ipython/profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text(UNCUT)
    return folder / "home"


@pytest.fixture(scope="session")
def alone(site, tmp_path_factory) -> Reader:
    """With the files beside the pages, and all that is installed here but the project itself.

    A folder of packages that a ``.pth`` file names is searched, but not for ``.pth`` files of its
    own; and one of those is how the project is installed.
    """
    folder = tmp_path_factory.mktemp("alone")
    environment = folder / "environment"
    venv.create(environment, symlinks=True)
    python = environment / "bin/python"
    packages = sysconfig.get_path("purelib", vars={"base": str(environment)})
    Path(packages, "neighbour.pth").write_text(sysconfig.get_path("purelib"))
    execute = environment / "bin/jupyter-execute"
    execute.write_text(f"#!{python}\nfrom nbclient.cli import main\nmain()\n")
    execute.chmod(0o755)
    return Reader(environment, home(folder), {code: site / code / "lessons" for code in LANGUAGES})


@pytest.fixture(scope="session")
def reader(site, tmp_path_factory) -> Reader:
    """Follow the README of the zip; the versions that it leaves open are those pinned for the tests."""
    folder = tmp_path_factory.mktemp("reader")
    lessons = {}
    for code in LANGUAGES:
        with zipfile.ZipFile(site / code / f"torchhour-{code}.zip") as archive:
            archive.extractall(folder)
        lessons[code] = folder / f"torchhour-{code}"
    environment = folder / "environment"
    tool = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert tool, "uv is not here; install requirements/uv.txt, as `make test` does"
    pins = [f"--constraint={REPOSITORY / 'requirements' / name}.txt" for name in ("html", "test")]
    cpu = metadata.version("torch").endswith("+cpu")
    options = ["--torch-backend=cpu"] if cpu else pins
    for command in (
        [tool, "venv", "--quiet", "--python", sys.executable, str(environment)],
        [tool, "pip", "install", "--quiet", f"--python={environment}", *options, "-r", "requirements.txt"],
    ):
        done = subprocess.run(command, cwd=lessons["zh"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return Reader(environment, home(folder), lessons)
