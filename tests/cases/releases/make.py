"""Makes a stored release of the layout that Tsunagu writes now: ``python make.py``.

Run it once when ``LAYOUT_VERSION`` is raised, before anything is written in the new layout; what
lies here already is never made again. All but a few lines of the vocabulary is left out, which
makes it ten times smaller.
"""

import json
import os
import tempfile
from pathlib import Path

from loader.cli.main import main
from loader.move.export import export
from loader.release import LAYOUT_VERSION, MANIFEST, Release, current, sha256

TABLE = "番号,名称,緯度,経度\n1,見本図書館,30.5,137.5\n2,見本公園,30.6,137.6\n"
DESCRIPTOR = {
    "name": "sample",
    "title": {"ja": "施設の見本", "en": "Sample of facilities"},
    "sample": True,
    "publisher": {"name": {"ja": "つなぐ市（見本）", "en": "City of Tsunagu (sample)"}},
    "licenses": [{"name": "CC0-1.0"}],
    "resources": [{"name": "sample", "path": "sample.csv"}],
}


def make(target: Path) -> None:
    """Publish a small table and pack the release."""
    os.environ["SOURCE_DATE_EPOCH"] = "1795262400"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "in")
        folder.mkdir()
        (folder / "sample.csv").write_text(TABLE, encoding="utf-8")
        (folder / "datapackage.json").write_text(json.dumps(DESCRIPTOR), encoding="utf-8")
        home = Path(name, "home")
        base = "https://data.example.jp/"
        assert main(["publish", str(folder), "--home", str(home), "--base-iri", base]) == 0
        release = current(home)
        assert release is not None
        shorten(release)
        export(Release(release.path), target)


def shorten(release: Release) -> None:
    """Leave most of the vocabulary out, and say so in the manifest."""
    path = release.path / "vocabulary.nq"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:20]), encoding="utf-8")
    manifest = dict(release.manifest)
    manifest["quads"] -= len(lines) - 20
    manifest["files"][path.name] = {"bytes": path.stat().st_size, "sha256": sha256(path)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (release.path / MANIFEST).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    place = Path(__file__).parent / f"layout-{LAYOUT_VERSION}.tar.gz"
    if place.exists():
        raise SystemExit(f"{place.name} is here already")
    make(place)
