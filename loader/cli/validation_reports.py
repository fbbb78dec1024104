"""The report of a validation as JSON and as one page of HTML (docs/validation.md)."""

import json
from html import escape

from loader.cli.checking.page import findings_section, page
from loader.cli.validated import Validated
from loader.cli.words import Words
from loader.report import group_json


def told_counts(validated: Validated, words: Words) -> str:
    """Say how many files were validated, and how many results there are of each severity."""
    counts = {severity: f"{count:,}" for severity, count in validated.counts.items()}
    return words("validation.counts", files=f"{len(validated.files):,}", **counts)


def json_document(validated: Validated, words: Words) -> str:
    """Return the report for programs; texts in both languages."""
    content = {
        "conforms": validated.conforms,
        "results": validated.counts,
        "files": validated.files,
        "findings": [
            {"dataset": entry.dataset, **group_json(entry.group)}
            for entry in validated.report.entries
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def html_page(validated: Validated, words: Words) -> str:
    """Return the report as a page that stands by itself, without scripts."""
    told = [
        words("html.conforms" if validated.conforms else "html.fails"),
        told_counts(validated, words),
    ]
    files = "".join(f"<li>{escape(name)}</li>" for name in validated.files)
    listed = f"<section>\n<h2>{escape(words('html.files'))}</h2>\n<ul>{files}</ul>\n</section>\n"
    sections = [findings_section(validated.report.entries, words), listed]
    return page(words("html.validation-title"), told, sections, words)
