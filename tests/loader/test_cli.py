"""The command line is complete in both languages, documented, and keeps its contract."""

import os
import re
import string
import subprocess
from pathlib import Path

import pytest

from loader.cli.main import RUN, main
from loader.cli.parser import COMMANDS
from loader.cli.words import MESSAGES
from vocab.language import Catalogue

ROOT = Path(__file__).parents[2]
PAGES = ["docs/cli.md", "docs/ja/cli.md"]
CATALOGUES = {
    path.relative_to(ROOT).as_posix(): Catalogue(path)
    for path in (
        ROOT / "loader" / "messages.toml",
        ROOT / "endpoint" / "messages.toml",
        ROOT / "vocab" / "findings",
    )
}
CODE = re.compile(r"[\"']([a-z]+\.[a-z0-9.-]+)[\"']")


def placeholders(text: str) -> set[str]:
    """The names in braces of a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", CATALOGUES)
def test_messages_say_the_same_in_both_languages(name: str) -> None:
    for code, entry in CATALOGUES[name].entries.items():
        for japanese, english in (("ja", "en"), ("do_ja", "do_en")):
            assert (japanese in entry) == (english in entry), code
            if japanese in entry and not code.startswith("argparse."):
                assert placeholders(entry[japanese]) == placeholders(entry[english]), code


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_complete(
    command: str | None, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([*([command] if command else []), "--help", "--lang", lang])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert ("使い方" in text) == (lang == "ja")
    assert ("show this help" in text) == (lang == "en")
    if lang == "en":
        assert not re.search("[ぁ-ん一-龠]", text.replace("つなぐ", ""))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_is_documented(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert set(RUN) == set(COMMANDS)
    assert [name for name in COMMANDS if f"`tsunagu {name}" not in text] == []


def test_every_message_of_the_loader_is_used() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for room in ("loader", "endpoint", "shapes")
        for path in (ROOT / room).rglob("*.py")
        if "node_modules" not in path.parts
    )
    made = ("help.", "argparse.", "summary.", "status.", "severity.", "html.", "releases.")
    made += ("proposal.kind.", "fix.rule.", "item.", "linked.")
    made += ("diff.also-", "diff.state-", "diff.things-")
    unused = [
        code for code in MESSAGES.entries if not code.startswith(made) and f'"{code}"' not in source
    ]
    assert unused == []


def test_the_language_of_the_locale(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert main(["releases", "--home", str(tmp_path)]) == 0
    assert "There is no release" in capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(["releases", "--home", str(tmp_path)]) == 0
    assert "公開版がありません" in capsys.readouterr().err


def test_make_targets_of_the_contract_exist() -> None:
    for target in ("setup", "run", "test", "check", "bench"):
        result = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr


def test_a_pipe_as_output_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    table, pipe = tmp_path / "a.csv", tmp_path / "pipe"
    table.write_text("ID,名称\n1,見本公園\n", encoding="utf-8")
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True)
    assert main(["map", str(table), "-o", str(pipe), "--home", str(tmp_path / "home")]) == 0
    told, _ = reader.communicate(timeout=30)
    assert "見本公園" in told
    assert pipe.is_fifo()
