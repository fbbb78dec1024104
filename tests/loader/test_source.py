"""What is found below paths: packages, bare files, and what is passed over."""

import os
from pathlib import Path

import pytest

from loader.errors import SourceError
from loader.model import FindingLog
from loader.source import Discovery, discover

CSV = "NO,名称\n1,公園\n"
PACKAGE = "name: {name}\nresources: [{{path: {path}}}]\n"


def lay(folder: Path, *names: str, text: str = CSV) -> None:
    """Write files."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def lay_package(folder: Path, name: str, path: str = "aed.csv") -> None:
    """Write a package with one file."""
    lay(folder, path)
    lay(folder, "datapackage.yaml", text=PACKAGE.format(name=name, path=path))


def names(discovery: Discovery) -> list[str]:
    """The names of the packages."""
    return [package.name for package in discovery.packages]


def told(findings: FindingLog) -> list[tuple[str, str]]:
    """The findings in short, each said in both languages."""
    short = []
    for group in findings.groups():
        for finding in group.examples:
            for language in ("ja", "en"):
                assert finding.text(language) and finding.advice(language)
            short.append((finding.code, finding.file))
    return sorted(short)


def test_folders_and_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    lay_package(tmp_path / "b", "bb")
    lay_package(tmp_path / "a" / "deep", "aa")
    lay(tmp_path, "z.csv", "c/y.tsv", "c/x.CSV", "AED設置箇所 一覧.csv")
    found = discover([tmp_path])
    assert names(found) == ["aa", "bb", "aed設置箇所-一覧", "x", "y", "z"]
    assert told(found.findings) == []
    bare = found.packages[-2]
    assert not bare.stated
    assert bare.title == {"ja": "y"}
    assert bare.resources[0].media_type == "text/tab-separated-values"


def test_hidden_files_and_templates_are_passed_over(tmp_path: Path) -> None:
    lay(tmp_path, "a.csv", ".b.csv", "_c.csv", ".git/d.csv", "_templates/e.csv", "f/_g/h.csv")
    assert names(discover([tmp_path])) == ["a"]
    assert names(discover([tmp_path / "_c.csv"])) == ["c"]


def test_text_files_are_tables_where_they_have_tabs(tmp_path: Path) -> None:
    lay(tmp_path, "tabs.txt", text="NO\t名称\n1\t公園\n")
    lay(tmp_path, "prose.txt", text="これは表ではありません。\n")
    found = discover([tmp_path])
    assert names(found) == ["tabs"]
    assert found.packages[0].resources[0].is_table


def test_other_files_are_told(tmp_path: Path) -> None:
    lay(tmp_path, "a.csv", "b.docx", "c.pdf", "README.md", "LICENSE", "d.png")
    found = discover([tmp_path])
    assert names(found) == ["a"]
    assert told(found.findings) == [
        ("source.unsupported", "b.docx"),
        ("source.unsupported", "c.pdf"),
        ("source.unsupported", "d.png"),
    ]


def test_files_that_a_descriptor_forgot(tmp_path: Path) -> None:
    lay_package(tmp_path / "p", "p", "data/aed.csv")
    lay(tmp_path / "p", "forgotten.csv", "data/deep/too.csv", "notes.md", "plan.pdf")
    lay_package(tmp_path / "p" / "inner" / "q", "q")
    found = discover([tmp_path])
    assert names(found) == ["p", "q"]
    assert told(found.findings) == [
        ("source.file-not-listed", "forgotten.csv"),
        ("source.file-not-listed", "too.csv"),
    ]


def test_of_two_descriptors_one_is_used(tmp_path: Path) -> None:
    lay_package(tmp_path, "yaml")
    lay(tmp_path, "datapackage.json", text='{"name": "json", "resources": [{"path": "aed.csv"}]}')
    found = discover([tmp_path])
    assert names(found) == ["json"]
    assert [code for code, _ in told(found.findings)] == ["source.two-descriptors"]


def test_a_broken_descriptor_leaves_the_others_alone(tmp_path: Path) -> None:
    lay_package(tmp_path / "a", "a", "data/aed.csv")
    lay_package(tmp_path / "b", "b")
    lay(tmp_path / "a", "datapackage.yaml", text="name: [")
    found = discover([tmp_path])
    assert names(found) == ["b"]
    assert told(found.findings) == [("descriptor.unreadable", "a/datapackage.yaml")]


def test_a_broken_descriptor_alone_is_no_empty_folder(tmp_path: Path) -> None:
    lay(tmp_path, "datapackage.yaml", text="name: [")
    assert discover([tmp_path]).packages == []


def test_a_descriptor_or_a_file_can_be_named(tmp_path: Path) -> None:
    lay_package(tmp_path, "p")
    assert names(discover([tmp_path / "datapackage.yaml"])) == ["p"]
    assert names(discover([tmp_path / "aed.csv"])) == ["aed"]


def test_what_is_named_twice_is_published_once(tmp_path: Path) -> None:
    lay_package(tmp_path / "p", "p")
    lay(tmp_path, "x.csv")
    paths = [tmp_path, tmp_path / "p", tmp_path / "p" / "aed.csv", tmp_path / "x.csv"]
    found = discover(paths)
    assert names(found) == ["p", "x"]
    assert told(found.findings) == []


def test_files_of_the_same_name_get_their_folders_name(tmp_path: Path) -> None:
    lay(tmp_path, "north/aed.csv", "south/AED.csv", "south/park.csv")
    assert names(discover([tmp_path])) == ["north-aed", "south-aed", "park"]


def test_the_same_name_twice_is_a_violation(tmp_path: Path) -> None:
    lay_package(tmp_path / "a", "same")
    lay_package(tmp_path / "b", "same")
    lay(tmp_path, "c/same.csv")
    found = discover([tmp_path])
    assert [package.folder.name for package in found.packages] == ["a"]
    assert told(found.findings) == [
        ("source.duplicate-name", "b"),
        ("source.duplicate-name", "c/same.csv"),
    ]


@pytest.mark.parametrize(
    ("file", "name"), [("catalog.csv", "in-catalog"), ("---.csv", "in"), ("ＡＢＣ.csv", "abc")]
)
def test_names_that_cannot_be_are_made_others(tmp_path: Path, file: str, name: str) -> None:
    lay(tmp_path, f"in/{file}")
    assert names(discover([tmp_path])) == [name]


def test_links_are_followed_inside_the_folder_only(tmp_path: Path) -> None:
    lay(tmp_path, "secret/s.csv", "in/a.csv")
    (tmp_path / "in" / "out.csv").symlink_to(tmp_path / "secret" / "s.csv")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "secret")
    (tmp_path / "in" / "same.csv").symlink_to("a.csv")
    (tmp_path / "in" / "round").symlink_to(".")
    found = discover([tmp_path / "in"])
    assert names(found) == ["a"]
    assert told(found.findings) == [
        ("source.link-outside", "folder"),
        ("source.link-outside", "out.csv"),
    ]


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        discover([tmp_path / "absent"])
    assert error.value.code == "source.missing"


@pytest.mark.parametrize("files", [(), ("a.pdf",), ("_a.csv",)])
def test_nothing_to_publish(tmp_path: Path, files: tuple[str, ...]) -> None:
    lay(tmp_path, *files)
    with pytest.raises(SourceError) as error:
        discover([tmp_path])
    assert error.value.code == "source.nothing"


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "a.csv", "closed/b.csv")
    listed = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, os.strerror(13))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    found = discover([tmp_path])
    assert names(found) == ["a"]
    assert told(found.findings) == [("source.unreadable", "closed")]


def test_a_text_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "dangling.txt").symlink_to("absent.txt")
    lay(tmp_path, "a.csv")
    assert names(discover([tmp_path])) == ["a"]
