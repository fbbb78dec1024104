"""Validation by columns gives what validation line by line gives, on tables that were mapped."""

from collections.abc import Sequence
from pathlib import Path

import pytest

import shapes
from loader.model import FindingLog
from loader.progress import Silence
from loader.source import discover
from loader.transform import Transformation, no_sink
from loader.validate import Validator
from vocab.iris import IriPolicy

ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data"
TABLES = [
    *sorted((ROOT / "data" / "tsunagu-city").iterdir()),
    *(
        REAL / name
        for name in (
            "02_municipal/saitama_111007_AED.csv",
            "02_municipal/takamatsu_372013/hospital.csv",
            "02_municipal/takamatsu_372013/evacuation_space.csv",
            "02_municipal/tourism_lists/res_051_yamaguchi_pref.csv",
            "05_geo/shelters_emergency_pref37.geojson",
            "09_gtfs_donan/stops.txt",
        )
    ),
]


class Both(Validator):
    """Has another validator look at the same lines, without what they were made of."""

    def __init__(self) -> None:
        super().__init__(shapes.texts(), FindingLog())
        self.other = Validator(shapes.texts(), FindingLog())
        self.other._columns, self.other.cells = self._columns, self.cells
        self.lines: list[str] = []

    def feed(self, *runs: Sequence[str]) -> None:
        super().feed(*runs)
        plain = [list(run) for run in runs]
        self.other.feed(*plain)
        self.lines += sum(plain, [])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_results_are_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not path.exists():
        pytest.skip("the real files are not beside this checkout")
    monkeypatch.setattr("loader.validate.validator.FIRST_LINES", 2_000)
    monkeypatch.setattr("loader.validate.validator.PIECE_LINES", 10_000)
    both, policy = Both(), IriPolicy("http://localhost:8000/")
    [package] = discover([path]).packages
    Transformation(package, policy, FindingLog(), no_sink, Silence(), both).run()
    found = []
    for validator in (both, both.other):
        validator.finish(lambda feed: feed(both.lines))
        results = validator.content().results
        assert len(results) == sum(validator.counts().values()) < 10_000
        found.append(sorted(map(repr, results)))
    assert both.counts() == both.other.counts()
    assert found[0] == found[1]
