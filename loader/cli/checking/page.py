"""The report of a check as one self-contained page without scripts (WCAG 2.2 AA)."""

from collections.abc import Iterable, Sequence
from html import escape

from loader.cli.checking.report import CheckReport, Entry
from loader.cli.checking.text import STARS, level, met, shape, stars, status_word
from loader.cli.words import Words
from loader.model import FindingGroup
from loader.report import CheckedFile

_STYLE = (
    "body{font-family:sans-serif;line-height:1.6;max-width:70rem;margin:auto;padding:1rem;"
    "color:#1a1a1a;background:#fff}.scroll{overflow-x:auto}.scroll:focus{outline:2px solid #00458b}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.4rem;"
    "text-align:left;vertical-align:top}thead th{background:#eee}td{overflow-wrap:anywhere}"
    ".severity{white-space:nowrap}td.number{text-align:right}.not-met,.violation{color:#a40000;font-weight:bold}"
    ".not-judged,.warning{color:#6b4a00;font-weight:bold}h2,h3{line-height:1.3}a{color:#00458b}"
    "td ul{margin:0;padding-left:1.2rem}section{margin-top:2rem;overflow-wrap:anywhere}"
)


def html_report(report: CheckReport, words: Words) -> str:
    """Return the page: totals, the files in short, the findings, and each file's checklist."""
    told = [
        words("check.total", files=f"{len(report.files):,}"),
        words("check.counts", **report.counts),
    ]
    sections = [
        _files(report.files, words),
        findings_section(report.entries, words),
        *(_file(number, file, words) for number, file in enumerate(report.files, 1)),
    ]
    return page(words("html.title"), told, sections, words)


def page(title: str, told: Sequence[str], sections: Iterable[str], words: Words) -> str:
    """Return a page: a heading, sentences, and sections, which are HTML already."""
    title = escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n"
        + "".join(f"<p>{escape(sentence)}</p>\n" for sentence in told)
        + "".join(sections)
        + "</main>\n</body>\n</html>\n"
    )


def _files(files: Sequence[CheckedFile], words: Words) -> str:
    rows = (
        f'<tr><th scope="row"><a href="#file-{number}">{escape(file.label)}</a></th>'
        f"<td>{escape(file.assessment.package.name)}</td>"
        f"<td>{escape(level(file.assessment, words))}</td><td>{_stars(file, words)}</td>"
        + "".join(
            f'<td class="number">{count:,}</td>' for count in reversed([*file.counts.values()])
        )
        + "</tr>\n"
        for number, file in enumerate(files, 1)
    )
    names = ("file", "dataset", "level", "stars", "violations", "warnings", "infos")
    return _section(words("html.files"), names, rows, words)


def findings_section(entries: Sequence[Entry], words: Words) -> str:
    """Return the findings as a section with a table."""
    names = ("severity", "finding", "place", "count", "advice")
    rows = (_finding(entry, words) for entry in entries)
    return _section(words("html.findings"), names, rows, words)


def _section(heading: str, names: Iterable[str], rows: Iterable[str], words: Words) -> str:
    body = "".join(rows)
    content = (
        _table(heading, names, body, words) if body else f"<p>{escape(words('html.none'))}</p>"
    )
    return f"<section>\n<h2>{escape(heading)}</h2>\n{content}</section>\n"


def _table(label: str, names: Iterable[str], rows: str, words: Words) -> str:
    """Return a table that the keyboard can scroll where it is wider than the window."""
    cells = "".join(f'<th scope="col">{escape(words(f"html.{name}"))}</th>' for name in names)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label)}">\n'
        f"<table><thead><tr>{cells}</tr></thead><tbody>\n{rows}</tbody></table>\n</div>\n"
    )


def _finding(entry: Entry, words: Words) -> str:
    group, first, language = entry.group, entry.first, words.language
    place = [f"{entry.dataset}: {first.file}" if entry.dataset else first.file]
    if first.column:
        place.append(words("where.column", column=first.column))
    severity = first.severity.value
    cells = [
        escape(f"{first.text(language)} [{first.code}]"),
        escape(" · ".join(place)) + _rows(group, words),
        f"{group.count:,}",
        escape(first.advice(language)),
    ]
    return (
        f'<tr><td class="severity {severity}">{escape(words(f"severity.{severity}"))}</td>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>\n"
    )


def _rows(group: FindingGroup, words: Words) -> str:
    """Return the first rows with their cells as a list."""
    items = []
    for finding in (found for found in group.examples if found.row is not None):
        rows = finding.details.get("rows") or (finding.row,)
        told = ", ".join(map(str, rows)) if isinstance(rows, tuple) else finding.row
        parts = [words("where.rows", rows=told)]
        if finding.value:
            parts.append(words("where.value", value=finding.value))
        elif finding.value is not None:
            parts.append(words("where.blank"))
        items.append(f"<li>{escape(' · '.join(parts))}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _stars(file: CheckedFile, words: Words) -> str:
    """Return the stars as a picture of letters that has a text."""
    text = escape(words("html.stars-of", stars=file.assessment.stars, most=STARS))
    return f'<span role="img" aria-label="{text}">{stars(file.assessment)}</span>'


def _file(number: int, file: CheckedFile, words: Words) -> str:
    judged, language = file.assessment, words.language
    properties = judged.document.properties if judged.document else {}
    known = "".join(
        f"<li>{escape(words(f'html.property-{name}'))}: {escape(value)}</li>"
        for name, value in properties.items()
    )
    return (
        f'<section id="file-{number}">\n<h2>{escape(file.label)}</h2>\n'
        f"<p>{escape(shape(file, words))}</p>\n"
        f"<p>{escape(level(judged, words))} {_stars(file, words)} "
        f"{escape(judged.reason(language))}</p>\n"
        f"<p>{escape(words('html.next'))}: {escape(judged.next_step(language))}</p>\n"
        + (f"<ul>{known}</ul>\n" if known else "")
        + f"<p>{escape(met(judged, words))}</p>\n"
        + _table(
            f"{words('html.items')}: {file.label} ({number})",
            ("item", "mark", "status", "against"),
            _items(file, words),
            words,
        )
        + "</section>\n"
    )


def _items(file: CheckedFile, words: Words) -> str:
    return "".join(
        f'<tr><th scope="row">{escape(judged.item.id)} '
        f"{escape(judged.item.text(words.language))}</th>"
        f"<td>{escape(judged.item.mark.value or '–')}</td>"
        f'<td class="{judged.status.value}">{escape(status_word(judged, words))}</td>'
        f"<td>{escape(', '.join(judged.codes) or '–')}</td></tr>\n"
        for judged in file.assessment.items
    )
