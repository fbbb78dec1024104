"""The report of ``tsunagu check --format html``: one self-contained, accessible page."""

from collections.abc import Sequence
from html import escape

from loader.cli.words import Words
from loader.model import FindingGroup, FindingLog
from loader.transform import TableResult, Transformed

_STYLE = (
    "body{font-family:sans-serif;line-height:1.6;max-width:70rem;margin:auto;padding:1rem;"
    "color:#1a1a1a;background:#fff}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #767676;padding:.4rem;text-align:left;vertical-align:top}"
    "th{background:#eee}td{overflow-wrap:anywhere}"
)


def html_report(findings: FindingLog, results: Sequence[Transformed], words: Words) -> str:
    """Return the page: the tables that were read, and the findings, gravest first."""
    title = escape(words("html.title"))
    tables = [(result, table) for result in results for table in result.tables]
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n<p>{escape(words('check.counts', **findings.counts()))}</p>\n"
        f"<h2>{escape(words('html.tables'))}</h2>\n"
        + _table(words, ("dataset", "file", "rows", "columns", "encoding", "mapping"))
        + "".join(_table_row(result, table) for result, table in tables)
        + f"</tbody></table>\n<h2>{escape(words('html.findings'))}</h2>\n"
        + _table(words, ("severity", "finding", "place", "count", "advice"))
        + "".join(_finding_row(group, words) for group in findings.groups())
        + "</tbody></table>\n</main>\n</body>\n</html>\n"
    )


def _table(words: Words, columns: Sequence[str]) -> str:
    cells = "".join(f'<th scope="col">{escape(words(f"html.{name}"))}</th>' for name in columns)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>\n"


def _row(cells: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>\n"


def _table_row(result: Transformed, table: TableResult) -> str:
    name = table.resource.label
    columns = len(table.header)
    return _row(
        [result.package.name, name, f"{table.rows:,}", columns, table.encoding, table.mapping]
    )


def _finding_row(group: FindingGroup, words: Words) -> str:
    first = group.examples[0]
    rows = ", ".join(str(finding.row) for finding in group.examples if finding.row is not None)
    place = [first.file]
    if first.column:
        place.append(words("where.column", column=first.column))
    if rows:
        place.append(words("where.rows", rows=rows))
    language = words.language
    return _row(
        [
            words(f"severity.{first.severity.value}"),
            f"{first.text(language)} [{first.code}]",
            " · ".join(place),
            f"{group.count:,}",
            first.advice(language),
        ]
    )
