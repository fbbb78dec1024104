"""``tsunagu serve``: what it becomes, and what it warns of."""

import os
import sys
from pathlib import Path

import pytest

from loader.cli.main import main
from tests.endpoint.example_release import FIRST, switch, write_release

OPEN = ["0.0.0.0", "::", "192.0.2.1", "server.example.jp"]
CLOSED = ["127.0.0.1", "127.0.0.2", "::1", "localhost"]


class Becomes(BaseException):
    """Instead of becoming the server."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def become(program: str, command: list[str]) -> None:
        assert program == command[0] == sys.executable
        raise Becomes(*command[1:])

    monkeypatch.setattr(os, "execv", become)
    write_release(tmp_path)
    switch(tmp_path, FIRST)
    return tmp_path


def served(home: Path, *options: str) -> tuple[str, ...]:
    with pytest.raises(Becomes) as told:
        main(["serve", "--home", str(home), "--lang", "en", *options])
    return tuple(map(str, told.value.args))


def test_it_becomes_the_server(home: Path) -> None:
    fixed = ("-m", "endpoint", "--home", str(home), "--host", "127.0.0.1", "--port", "8000")
    assert served(home) == (*fixed, "--lang", "en")
    assert served(home, "--workers", "3", "--access-log", "-", "--base-iri", "https://a.example/")[
        len(fixed) + 2 :
    ] == ("--base-iri", "https://a.example/", "--workers", "3", "--access-log", "-")


def test_a_log_is_looked_up_where_the_command_is_given(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    assert served(home, "--access-log", "access.jsonl")[-1] == str(home / "access.jsonl")


@pytest.mark.parametrize("host", [*OPEN, *CLOSED])
def test_it_warns_where_others_can_see_it(
    home: Path, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    served(home, "--host", host)
    assert ("other computers" in capsys.readouterr().err) is (host in OPEN)
