"""The checklist for tables of the open data guide (9.3.2, table 9-3), and of metadata (table 3-1).

docs/findings.md lists what is looked for. Everything here is a finding, nothing stops a publish:
what would damage the data is a violation of the table itself (loader/table/).
"""

from loader.check.levels import Assessment, assess
from loader.check.package import check_package
from loader.check.table import TableChecker

__all__ = ["Assessment", "TableChecker", "assess", "check_package"]
