"""The checklists of the open data guide (9.3.6, tables 9-3 to 9-6), and of metadata (table 3-1).

docs/findings.md lists what is looked for, docs/check.md how files are judged by it. Everything
here is a finding, nothing stops a publish: what would damage the data is a violation of the table
itself (loader/table/).
"""

from loader.check.levels import Assessment, assess, assess_files
from loader.check.package import check_package
from loader.check.table import TableChecker

__all__ = ["Assessment", "TableChecker", "assess", "assess_files", "check_package"]
