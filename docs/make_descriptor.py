"""Writes the tables of keys in docs/descriptor.md and docs/ja/descriptor.md from the schema.

    .venv/bin/python docs/make_descriptor.py

Only what stands between the marks is written; the text around it is kept. A test compares.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from loader.descriptor.schema import schema
from vocab.licences import licences

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "descriptor.md", "ja": DOCS / "ja" / "descriptor.md"}
MARKS = ("<!-- keys: written by docs/make_descriptor.py -->", "<!-- end of keys -->")

HEADS = {"en": ("key", "what it is", "example"), "ja": ("項目", "書くもの", "例")}
LICENCE_HEADS = {"en": ("write", "licence"), "ja": ("書き方", "ライセンス")}
SECTIONS = {
    "": {"en": "The dataset", "ja": "データセット"},
    "licenses[]": {"en": "A licence", "ja": "ライセンス(licenses の中)"},
    "publisher": {
        "en": "An organisation or person (publisher, creator, contributors)",
        "ja": "組織や人(publisher、creator、contributors の中)",
    },
    "temporal": {"en": "A period (temporal)", "ja": "期間(temporal の中)"},
    "resources[]": {"en": "A file (resources)", "ja": "ファイル(resources の中)"},
    "resources[].dialect": {
        "en": "How a table is written (dialect)",
        "ja": "表の書き方(dialect の中)",
    },
    "resources[].schema": {"en": "The columns (schema)", "ja": "列(schema の中)"},
    "resources[].schema.fields[]": {"en": "A column (fields)", "ja": "列ひとつ(fields の中)"},
    "resources[].unpivot": {
        "en": "Columns that become rows (unpivot)",
        "ja": "行にする列(unpivot の中)",
    },
    "resources[].identifiers": {
        "en": "Identifiers that are made (identifiers)",
        "ja": "付ける識別子(identifiers の中)",
    },
    "sources[]": {"en": "A source (sources)", "ja": "元の資料(sources の中)"},
}
"""The objects of the schema, in the order of the page."""

LICENCES = {"en": "Licences that are known by name", "ja": "名前で書けるライセンス"}


def page(language: str) -> str:
    """Return the page, its tables written anew."""
    text = PAGES[language].read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    tables = [_table(place, language) for place in SECTIONS]
    body = "\n".join([*tables, _licences(language)])
    return f"{before}{MARKS[0]}\n\n{body}\n{MARKS[1]}{after}"


def _table(place: str, language: str) -> str:
    lines = [f"### {SECTIONS[place][language]}\n", *_head(HEADS[language])]
    lines += [_row(key, part, language) for key, part in _keys(place)]
    return "\n".join(lines) + "\n"


def _head(cells: tuple[str, ...]) -> list[str]:
    return [f"| {' | '.join(cells)} |", f"|{'---|' * len(cells)}"]


def _row(key: str, part: Mapping[str, Any], language: str) -> str:
    meaning = part["x-ja"] if language == "ja" else part["description"]
    example = json.dumps(part["examples"][0], ensure_ascii=False)
    return f"| `{key}` | {meaning} | `{example}` |".replace("\n", " ")


def _keys(place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the keys of an object of the schema."""
    part: Mapping[str, Any] = schema()
    for step in filter(None, place.split(".")):
        part = _object(part)["properties"][step.removesuffix("[]")]
        part = part["items"] if step.endswith("[]") else part
    yield from _object(part)["properties"].items()


def _object(part: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((choice for choice in part.get("oneOf", ()) if "properties" in choice), part)


def _licences(language: str) -> str:
    rows = [
        f"| `{entry['words'][0]}` | [{entry[language]}]({iri}) |"
        for iri, entry in licences().items()
    ]
    return "\n".join([f"### {LICENCES[language]}\n", *_head(LICENCE_HEADS[language]), *rows]) + "\n"


def main() -> None:
    """Write the pages."""
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
