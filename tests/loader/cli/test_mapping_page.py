"""What docs/mapping.md tells to do works: its commands, its edit, its data package."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from loader import release
from loader.cli.main import main

ROOT = Path(__file__).parents[3]
PAGES = ["docs/mapping.md", "docs/ja/mapping.md"]
SAMPLE = ROOT / "docs" / "samples" / "heritage-trees"
BLOCK = re.compile(r"```(console|diff|yaml)\n(.*?)```", re.DOTALL)


def edit(path: Path, diff: str) -> None:
    """Change lines as a diff says; each that goes has to be there once."""
    text = path.read_text(encoding="utf-8")
    lines = diff.splitlines()
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert (old[0], new[0]) == ("-", "+")
        assert text.count(old[1:] + "\n") == 1
        text = text.replace(old[1:] + "\n", new[1:] + "\n")
    path.write_text(text, encoding="utf-8")


def follow(kind: str, block: str) -> None:
    if kind == "console":
        for line in block.splitlines():
            prompt, program, *arguments = shlex.split(line)
            assert (prompt, program) == ("$", "tsunagu")
            assert main(arguments) == 0, line
    elif kind == "diff":
        edit(Path("mapping.yaml"), block)
    elif block.startswith("# datapackage.yaml"):
        Path("datapackage.yaml").write_text(block, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_works(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "trees"
    shutil.copytree(SAMPLE, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TSUNAGU_HOME", str(tmp_path / "none"))
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [kind for kind, _ in blocks].count("console") == 4
    for kind, block in blocks:
        follow(kind, block)
    assert "dcterms:type" in capsys.readouterr().out
    published = release.current(tmp_path / "home")
    assert published is not None
    dumped = next((published.path / "dumps").glob("*.nq")).read_text(encoding="utf-8")
    assert '<http://purl.org/dc/terms/type> "スギ"' in dumped
    vocabulary = "".join(
        path.read_text(encoding="utf-8") for path in (published.path / "dumps").glob("*.nq")
    )
    assert "def/heritage-trees#幹周" in vocabulary


def test_both_pages_have_the_same_commands() -> None:
    english, japanese = (
        [line for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if "$ t" in line]
        for page in PAGES
    )
    assert english == japanese
