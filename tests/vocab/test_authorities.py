"""The authority tables: what people write, and the code that it means."""

import tomllib
from pathlib import Path

import pytest

from vocab import authorities
from vocab.authorities import AUTHORITY, file_type, frequency, language, theme


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("P1Y", "ANNUAL"),
        ("R/P1Y", "ANNUAL"),
        ("年１回", "ANNUAL"),
        ("Annual", "ANNUAL"),
        ("毎月", "MONTHLY"),
        ("R/P3M", "QUARTERLY"),
        ("half yearly", "ANNUAL_2"),
        ("随時", "IRREG"),
        ("DAILY", "DAILY"),
        (AUTHORITY + "frequency/WEEKLY", "WEEKLY"),
    ],
)
def test_frequencies(text: str, code: str) -> None:
    assert frequency(text) == f"{AUTHORITY}frequency/{code}"


@pytest.mark.parametrize("text", ["", "気が向いたら", "http://example.org/ANNUAL"])
def test_what_is_no_frequency(text: str) -> None:
    assert frequency(text) is None


def test_languages_file_types_and_themes() -> None:
    assert language("ja") == AUTHORITY + "language/JPN"
    assert language("en-GB") == AUTHORITY + "language/ENG"
    assert language("xx") is None
    assert file_type("text/csv") == AUTHORITY + "file-type/CSV"
    assert file_type("application/x-unheard-of") is None
    assert theme("防災") == AUTHORITY + "data-theme/JUST"
    assert theme("TRAN") == AUTHORITY + "data-theme/TRAN"
    assert theme("独自") is None


def test_no_word_means_two_codes() -> None:
    """A word that stood at two codes would silently mean the last of them."""
    path = Path(authorities.__file__).with_suffix(".toml")
    for table, codes in tomllib.loads(path.read_text(encoding="utf-8")).items():
        words = [
            authorities._normal(word)
            for code, stated in codes.items()
            for word in {authorities._normal(text) for text in (code, *stated)}
        ]
        assert len(words) == len(set(words)), table
