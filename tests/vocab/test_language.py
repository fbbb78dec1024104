"""Messages: the language is chosen as POSIX says, every text exists in both languages."""

import string
from pathlib import Path

import pytest

from vocab.language import LANGUAGES, Catalogue, choose_language

ROOT = Path(__file__).parents[2]
FINDINGS = Catalogue(ROOT / "vocab" / "findings")
SEVERITIES = {"info", "warning", "violation"}


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("en", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("ja", {"LANG": "en_US.UTF-8"}, "ja"),
        (None, {"LANG": "en_US.UTF-8"}, "en"),
        (None, {"LC_ALL": "ja_JP.UTF-8", "LANG": "en_US.UTF-8"}, "ja"),
        (None, {"LC_MESSAGES": "en_GB", "LANG": "ja_JP.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LANG": "en"}, "en"),
        (None, {"LANG": "C"}, "ja"),
        (None, {"LANG": "POSIX"}, "ja"),
        (None, {}, "ja"),
        ("fr", {"LANG": "en_US.UTF-8"}, "en"),
    ],
)
def test_choose_language(asked: str | None, environment: dict[str, str], language: str) -> None:
    assert choose_language(asked, environment) == language


def test_the_process_has_an_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert choose_language(None) == "en"


def test_a_catalogue_of_one_file_and_of_a_folder(tmp_path: Path) -> None:
    text = '["a.b"]\nja = "{x} です"\nen = "is {x}"\ndo_en = "mend {x}"\n'
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "b.toml").write_text('["b.c"]\nja = "二"\nen = "two"\n', encoding="utf-8")
    assert list(Catalogue(tmp_path).entries) == ["a.b", "b.c"]
    assert list(Catalogue(tmp_path / "b.toml").entries) == ["b.c"]
    assert Catalogue(tmp_path).text("a.b", "ja", x="猫") == "猫 です"
    assert Catalogue(tmp_path).text("a.b", "en", "do", x="it") == "mend it"


def test_what_is_not_there_raises(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('["a.b"]\nja = "{x}"\n', encoding="utf-8")
    catalogue = Catalogue(tmp_path)
    for arguments in (("a.c", "ja"), ("a.b", "en"), ("a.b", "ja", "do"), ("a.b", "ja")):
        with pytest.raises(KeyError):
            catalogue.text(*arguments)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", list(FINDINGS.entries))
def test_a_finding_has_its_words_in_both_languages(code: str) -> None:
    entry = FINDINGS.entries[code]
    assert entry["severity"] in SEVERITIES
    for part in ("", "do_"):
        texts = [entry[part + language] for language in LANGUAGES]
        assert all(texts)
        assert placeholders(texts[0]) == placeholders(texts[1])


@pytest.mark.parametrize("path", sorted((ROOT / "vocab" / "findings").glob("*.toml")), ids=str)
def test_a_code_begins_with_its_area(path: Path) -> None:
    for code in Catalogue(path).entries:
        assert code.startswith(f"{path.stem}.")
