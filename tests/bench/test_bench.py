"""The benchmark compares like with like: the hand-written loop makes the mapping's lines."""

import sys
from pathlib import Path

import pytest

from bench import figures, generate, handwritten, hostile, incremental, links, run, service
from loader.cli.main import main

ROWS = 500


def mapped(folder: Path, capfd: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["map", str(folder), "--home", str(folder / "home"), "--lang", "en"]) == 0
    return capfd.readouterr().out.splitlines(keepends=True)


@pytest.mark.parametrize(("mapping", "least"), [("declared", 12), ("standard", 30)])
def test_the_loop_makes_the_lines_of_the_mapping(
    mapping: str, least: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table = generate.generate(tmp_path, ROWS, standard=mapping == "standard")
    by_mapping = mapped(tmp_path, capfd)
    text = "".join(handwritten.texts(table, handwritten.WRITERS[mapping]))
    by_hand = text.splitlines(keepends=True)
    assert sorted(by_hand) == sorted(set(by_mapping))
    assert len(by_hand) >= least * ROWS


def test_the_generator_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (generate.generate(tmp_path / name, 100) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    codes = {line.split(",")[0] for line in first.read_text(encoding="utf-8").splitlines()[1:]}
    invented = {code for code in codes if code[2:4] == "99"}
    assert len(invented) == 100


def test_a_command_is_measured_as_its_own_process(tmp_path: Path) -> None:
    output = tmp_path / "out"
    program = "x = bytearray(60 << 20); import sys; sys.stdout.write('done')"
    measured = figures.measure([sys.executable, "-c", program], output)
    assert output.read_text() == "done"
    assert measured.seconds > 0
    assert 60 <= measured.megabytes < 1000


def test_a_command_that_fails_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        figures.measure([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "out")


def test_the_three_figures_of_a_small_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(
        sys, "argv", ["run.py", "--rows", "60", "--runs", "1", "--queries", "5", "--work",
                      str(tmp_path / "work")]
    )  # fmt: skip
    run.main()
    table = capsys.readouterr().out
    for figure in ("mapping", "standard mapping", "publish", "point query"):
        assert f"| {figure} |" in table
    (result,) = (tmp_path / "results").glob("*.json")
    assert '"rows": 60' in result.read_text(encoding="utf-8")


def test_the_figures_of_a_small_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    arguments = ["--rows", "700", "--small-rows", "40", "--runs", "1"]
    monkeypatch.setattr(sys, "argv", ["incremental.py", *arguments, "--work", str(tmp_path)])
    incremental.main()
    table = capsys.readouterr().out
    assert "| changed dataset alone | all anew |" in table
    assert "| the same among all sources |" in table


HEADER = "都道府県コード又は市区町村コード,NO,名称,住所,緯度,経度\n"


def test_links_of_lists_of_which_one_states_its_municipality(tmp_path: Path) -> None:
    """Lists are laid out with what they lack; links between lists of GSI are told apart."""
    data = tmp_path / "data"
    for name in ("02_municipal/sample", "05_geo"):
        (data / name).mkdir(parents=True)
    rows = "992011,1,見本会館,見本市仲町1-1,34.3,134.0\n"
    for name in ("public_facility", "tourism"):
        (data / "02_municipal" / "sample" / f"{name}.csv").write_text(HEADER + rows)
    for kind in links.KINDS:
        path = data / links.GSI.format(kind, "99")
        path.write_text('{"type": "FeatureCollection", "features": []}')
    stated = (("tourism", "992011"),)
    city = links.City("02_municipal/sample", "99", ("public_facility",), stated)
    links.lay_out(data, city, tmp_path / "in")
    assert (tmp_path / "in" / "tourism" / "datapackage.json").is_file()
    found = links.links(tmp_path / "in", tmp_path / "home")
    assert [(row["rule"], row["status"]) for row in found] == [("name-address", "published")]
    assert not links.is_gsi(found[0])


def test_the_figures_of_the_endpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "RESULTS", tmp_path / "results")
    common = ["--rows", "300", "--work", str(tmp_path)]
    small = ["--points", "5", "--rounds", "1", "--runs", "1", "--large", "100"]
    monkeypatch.setattr(sys, "argv", ["service.py", *common, *small, "--peers"])
    service.main()
    monkeypatch.setattr(sys, "argv", ["hostile.py", *common, "--seconds", "1"])
    hostile.main()
    table = capsys.readouterr().out
    assert "| point query | Flask constant |" in table
    assert "| thousand-rows |" in table
    assert "| 99th percentile beside two hostile queries | quiet |" in table
