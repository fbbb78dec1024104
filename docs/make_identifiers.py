"""Writes the table of schemes in docs/identifiers.md and docs/ja/identifiers.md.

    .venv/bin/python docs/make_identifiers.py

Only what stands between the marks is written; the text around it is kept. A test compares.
"""

from pathlib import Path

from vocab.identifiers import SCHEMES, Scheme

DOCS = Path(__file__).parent
PAGES = {"en": DOCS / "identifiers.md", "ja": DOCS / "ja" / "identifiers.md"}
MARKS = ("<!-- schemes: written by docs/make_identifiers.py -->", "<!-- end of schemes -->")

HEADS = {
    "en": ("identifier", "name", "given by", "read", "example", "canonical notation", "IRI")
    + ("link", "check", "source"),
    "ja": ("識別子", "名前", "付与機関", "読み取れる形", "例", "標準の書き方", "IRI")
    + ("リンク", "確かめ方", "出典"),
}


def page(language: str) -> str:
    """Return the page, its table written anew."""
    text = PAGES[language].read_text(encoding="utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    head = HEADS[language]
    lines = [_line(head), _line(["---"] * len(head))]
    lines += [_line(_cells(scheme, language)) for scheme in SCHEMES.values()]
    return f"{before}{MARKS[0]}\n\n{''.join(lines)}\n{MARKS[1]}{after}"


def _cells(scheme: Scheme, language: str) -> list[str]:
    iri = scheme.iri(scheme.example)
    return [
        scheme.title[language],
        f"`{scheme.key}`",
        scheme.authority[language],
        scheme.reads[language],
        f"`{scheme.example}`",
        f"`{scheme.read(scheme.example)}`",
        f"`{iri}`" if iri else "–",
        f"`{scheme.link}`" if scheme.link else "–",
        scheme.check[language],
        scheme.source,
    ]


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
