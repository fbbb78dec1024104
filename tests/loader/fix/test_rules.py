"""Every rule is documented with its example, said in both languages, and followed by a case."""

import csv
from pathlib import Path

import pytest

from loader.cli.words import MESSAGES
from loader.fix.rules import ALWAYS, CHOSEN, RULES, chosen_rules

ROOT = Path(__file__).parents[3]
LOGS = sorted((Path(__file__).parent / "cases").glob("*/expected/_changes.csv"))
ELSEWHERE = {"format", "byte-order-mark", "line-ends"}
"""Rules of files of other formats, which test_files.py makes."""


@pytest.mark.parametrize("page", ["docs/fix.md", "docs/ja/fix.md"])
@pytest.mark.parametrize("rule", RULES)
def test_rules_are_documented(rule: str, page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith(f"| `{rule}` |")]
    cells = [cell.strip() for cell in line.split("|")]
    before, after = RULES[rule]
    if rule not in {"line-break", "padding", "invisible", "header-blank"}:
        assert cells[2:4] == [before, after]


@pytest.mark.parametrize("rule", RULES)
def test_rules_are_said(rule: str) -> None:
    assert {"ja", "en"} <= MESSAGES.entries[f"fix.rule.{rule}"].keys()


def test_messages_are_of_rules() -> None:
    said = {code.removeprefix("fix.rule.") for code in MESSAGES.entries if "fix.rule." in code}
    assert said == set(RULES)


def test_every_rule_has_a_case() -> None:
    met: set[str] = set()
    for path in LOGS:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                met.update(row["rule"].split())
    assert met == set(RULES) - ELSEWHERE


def test_choosing() -> None:
    assert chosen_rules() == set(RULES)
    assert chosen_rules(["unit"]) == {*ALWAYS, "unit"}
    assert chosen_rules((), ["unit"]) == set(RULES) - {"unit"}
    assert set(ALWAYS).isdisjoint(CHOSEN)
