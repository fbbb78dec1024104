"""``tsunagu check``: looks at files, and tells what was found in five formats."""

from loader.cli.checking.report import CheckReport

__all__ = ["CheckReport"]
