"""Publishing the real course: the command, and the workflow that runs it."""

from __future__ import annotations

import os
import subprocess

import pytest
import yaml

from places import REPOSITORY


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make; what it would run itself is told, and not run."""
    environment = {name: value for name, value in os.environ.items() if name not in ("ADDRESS", "TORCHHOUR_BASEURL")}
    command = ["make", "--dry-run", "publish", *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def test_without_an_address_make_asks_for_one():
    done = make()
    assert done.returncode == 2
    assert "where will the site be? make publish ADDRESS=https://example.org/course" in done.stderr


@pytest.mark.parametrize("name", ["ADDRESS", "TORCHHOUR_BASEURL"])
def test_with_an_address_the_site_is_built_and_made_ready(name):
    done = make(f"{name}=https://example.org/course")
    assert done.returncode == 0, done.stderr
    build, publish = [line for line in done.stdout.splitlines() if "-m sphinx_polyglot" in line]
    assert build.endswith("sphinx_polyglot docs build/html --jobs 2")
    assert publish.endswith("publish build/html build/public")


def test_the_workflow_publishes_what_make_makes():
    workflow = yaml.safe_load((REPOSITORY / ".github/workflows/publish.yml").read_text("utf-8"))
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    runs = {step["run"].split()[:2] == ["make", "publish"]: step for step in build["steps"] if "run" in step}
    assert "steps.pages.outputs.base_url" in runs[True]["env"]["TORCHHOUR_BASEURL"]
    assert build["steps"][-1]["with"]["path"] == "build/public"
    assert deploy["needs"] == "build" and deploy["permissions"] == {"pages": "write", "id-token": "write"}
