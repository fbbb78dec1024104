"""docs/deploy.md: the same commands in both languages, and commands that do what they say."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from endpoint.configuration import read_settings
from loader.cli.main import main
from loader.cli.parser import build_parser
from loader.cli.words import Words
from loader.config import read_config
from tests.clients.conftest import program
from tests.deploy.conftest import ROOT

PAGES = {
    "en": (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8"),
    "ja": (ROOT / "docs" / "ja" / "deploy.md").read_text(encoding="utf-8"),
}
ENGLISH = PAGES["en"]
BACKUP, RESTORE = "## Backup\n", "## Restore, or move"


def blocks(page: str, kind: str = "sh") -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def block(heading: str) -> list[str]:
    """The commands of the first block below a heading."""
    return blocks(ENGLISH.partition(heading)[2])[0].splitlines()


def commands() -> list[str]:
    """Every command of the page, those within its sentences as well."""
    inline = re.findall(r"`([^`\n]+)`", ENGLISH)
    return [line for text in blocks(ENGLISH) for line in text.splitlines()] + inline


TSUNAGU = sorted(
    {
        words.partition("tsunagu tsunagu ")[2] or words.removeprefix("tsunagu ")
        for words in commands()
        if words.startswith(("tsunagu ", "sudo -u tsunagu tsunagu ")) and " " in words
    }
)


def test_both_pages_have_the_same_blocks() -> None:
    for kind in ("sh", "toml"):
        assert blocks(PAGES["ja"], kind) == blocks(ENGLISH, kind) != []


@pytest.mark.parametrize("line", TSUNAGU)
def test_the_commands_of_tsunagu_are_understood(line: str) -> None:
    build_parser(Words("en")).parse_args(shlex.split(line))


def test_files_that_are_named_are_there() -> None:
    named = re.findall(r"[\w.-]+\.(?:service|timer|conf)\b", "\n".join(blocks(ENGLISH)))
    installed = {"tsunagu.conf"}  # what nginx calls it
    files = {name for name in named if name not in installed}
    assert {name for name in files if not (ROOT / "deploy" / name).is_file()} == set()
    listed = set(re.findall(r"`([\w.-]+)`", (ROOT / "deploy" / "README.md").read_text("utf-8")))
    assert {path.name for path in (ROOT / "deploy").iterdir()} - {"README.md"} <= listed


def test_the_configuration_can_be_used(tmp_path: Path) -> None:
    (text,) = blocks(ENGLISH, "toml")
    assert tomllib.loads(text)["base_iri"]
    (tmp_path / "tsunagu.toml").write_text(text, encoding="utf-8")
    assert read_config(tmp_path).policy.base == "https://data.example.jp/"
    assert read_settings(tmp_path).trusted_proxies == ("127.0.0.1",)


def test_a_backup_can_be_restored(tmp_path: Path, installed: Path) -> None:
    """The very commands of both sections, with folders of this test and without another user."""
    program("rsync", "rsync")
    data = tmp_path / "srv" / "opendata"
    data.mkdir(parents=True)
    (data / "aed.csv").write_text("名称,緯度,経度\n図書館,35.0,139.0\n", encoding="utf-8")
    home = tmp_path / "var" / "lib" / "tsunagu"
    home.mkdir(parents=True)
    assert main(["publish", str(data), "--home", str(home)]) in (0, 1)
    (home / ".building").mkdir()
    (tmp_path / "srv" / "backup").mkdir()
    _run(block(BACKUP), tmp_path, installed)
    home.rename(tmp_path / "lost")
    data.rename(tmp_path / "lost-data")
    _run(block(RESTORE), tmp_path, installed)
    assert (home / "current").readlink() == (tmp_path / "lost" / "current").readlink()
    assert (data / "aed.csv").is_file()
    assert not (home / ".building").exists()


def _run(lines: list[str], root: Path, programs: Path) -> None:
    for line in lines:
        here = re.sub(r"(?<![\w.])/(var/lib|srv)/", rf"{root}/\1/", line)
        here = here.replace("sudo -u tsunagu tsunagu", str(programs / "tsunagu"))
        if not here.startswith("chown"):
            done = subprocess.run(
                shlex.split(here), cwd=root, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
