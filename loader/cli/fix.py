"""``tsunagu fix``: writes a repaired copy of a table, and what was changed and what was left."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from loader.cli.render import print_log, print_plain, result_console
from loader.cli.words import Words
from loader.descriptor import FILE_NAMES
from loader.errors import SourceError
from loader.fix import CHANGES, REMAINING, Fixed, chosen_rules, fix_package
from loader.model import Package
from loader.report import findings_json
from loader.source import discover


def fix(options: argparse.Namespace, words: Words, _: Console) -> int:
    """Repair what is at a path; return 1 where people have something left to do."""
    rules = chosen_rules(options.rules, options.skipped)
    package = find_package(options.path)
    fixed = fix_package(package, options.output, rules, words.language)
    if options.format == "json":
        json.dump(_as_json(fixed), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        _print(fixed, words)
    return fixed.exit_code


def find_package(path: Path) -> Package:
    """Return the package of a path, with one file only where the path is a file.

    A descriptor beside the file is used where it lists it. Raises SourceError where there is
    nothing at the path, or several packages.
    """
    beside = [path.parent / name for name in FILE_NAMES if (path.parent / name).is_file()]
    if path.is_file() and beside and path.name not in FILE_NAMES:
        for package in discover([beside[0]]).packages:
            wanted = path.resolve()
            listed = [one for one in package.resources if one.file.resolve() == wanted]
            if listed:
                return _only(package, *(one.name for one in listed))
    packages = discover([path]).packages
    if len(packages) != 1:
        names = ", ".join(package.name for package in packages[:10]) or "-"
        raise SourceError("fix.not-one-package", path=path, names=names)
    return packages[0]


def _only(package: Package, *names: str) -> Package:
    resources = tuple(resource for resource in package.resources if resource.name in names)
    return replace(package, resources=resources)


def _as_json(fixed: Fixed) -> dict[str, Any]:
    return {
        "output": str(fixed.folder),
        "tables": [
            {
                "source": table.source,
                "file": table.file,
                "rows": table.rows,
                "columns": table.columns,
            }
            for table in fixed.tables
        ],
        "changes": dict(sorted(fixed.changes.items())),
        "remaining": findings_json(fixed.remaining),
        "exit_code": fixed.exit_code,
    }


def _print(fixed: Fixed, words: Words) -> None:
    out = result_console()
    for table in fixed.tables:
        text = words(
            "fix.table",
            source=table.source,
            file=table.file,
            rows=f"{table.rows:,}",
            columns=table.columns,
        )
        print_plain(out, text)
    print_plain(out, words("fix.changed" if fixed.changes else "fix.unchanged"))
    for rule, count in sorted(fixed.changes.items(), key=lambda item: (-item[1], item[0])):
        print_plain(out, f"  {count:>9,}  {words(f'fix.rule.{rule}')} [{rule}]")
    print_plain(out, words("fix.left", **fixed.remaining.counts()))
    print_log(out, fixed.remaining, words)
    print_plain(out, words("fix.where", folder=fixed.folder, changes=CHANGES, remaining=REMAINING))
