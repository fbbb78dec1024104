"""Tsunagu as it is installed from its wheel, apart from the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("loader", "vocab", "shapes", "endpoint", "mappings")
BUILD = """
import sys
from setuptools import build_meta
print(getattr(build_meta, sys.argv[1])(sys.argv[2]))
"""


def alone(**more: str) -> dict[str, str]:
    """The environment without what leads to this checkout."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | more


def run(*command: object, cwd: Path, **environment: str) -> str:
    """Run a command with nothing of this checkout in its way; gives its output."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=alone(**environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Built:
    """What the build makes of the checkout."""

    source: Path
    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build in a copy, without a network: the build needs nothing but setuptools."""
    source = tmp_path_factory.mktemp("source")
    unwanted = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in SOURCES:
        shutil.copytree(ROOT / name, source / name, ignore=unwanted)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    made = {}
    for kind in ("wheel", "sdist"):
        target = tmp_path_factory.mktemp(kind)
        output = run(sys.executable, "-c", BUILD, f"build_{kind}", target, cwd=source)
        made[kind] = target / output.splitlines()[-1]
    return Built(source, **made)


@pytest.fixture(scope="session")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment with the wheel; dependencies are borrowed."""
    folder = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    programs = folder / "bin"
    pip = [sys.executable, "-m", "pip", "--python", programs / "python"]
    run(*pip, "install", "-q", "--no-deps", "--no-index", built.wheel, cwd=folder)
    borrow(programs / "python", folder)
    return programs


def borrow(python: Path, folder: Path) -> None:
    """Let a fresh environment find the dependencies of this one, but not this checkout."""
    own = run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=folder).strip()
    text = sysconfig.get_path("purelib") + "\n"
    Path(own, "borrowed.pth").write_text(text, encoding="utf-8")
