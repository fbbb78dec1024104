"""Two sorted dumps are compared piece by piece and give what their sets of lines give."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.history import comparison
from loader.history.comparison import Comparison, Kind, differing

G = "<http://x/graph/dataset/d>"

# Characters before and behind "#" and ">": the things between which parts of another may lie.
subjects = st.builds(
    lambda local, part: f"<http://x/id/{local}{part}>",
    st.text("1-0Aé", min_size=1, max_size=3),
    st.sampled_from(["", "#a", "#b"]),
)
lines = st.builds(
    lambda subject, predicate, value: f'{subject} <http://p/{predicate}> "{value}" {G} .\n',
    subjects,
    st.integers(0, 2),
    st.integers(0, 2),
)
dumps = st.sets(lines, max_size=25)


@contextmanager
def written(*contents: set[str]) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(b"".join(sorted(line.encode() for line in content)))
        yield paths


def things(content: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in content:
        iri = line[1:].split(">")[0].partition("#")[0]
        found.setdefault(iri, set()).add(line)
    return found


@pytest.mark.parametrize("block", [1, 200, 1 << 18])
def test_blocks_give_what_sets_give(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "_BLOCK", block)

    @given(dumps, dumps)
    def test(old: set[str], new: set[str]) -> None:
        with written(old, new) as paths:
            found = Comparison(*paths)
            changes = list(found.changes())
            differences = list(differing(*paths))
        before, after = things(old), things(new)
        expected = {
            iri: Kind.ADDED
            if iri not in before
            else Kind.REMOVED
            if iri not in after
            else "changed"
            for iri in before.keys() | after.keys()
            if before.get(iri) != after.get(iri)
        }
        assert [change.iri for change in changes] == sorted(
            expected, key=lambda iri: f"<{iri}>".encode()
        )
        assert {change.iri: change.kind for change in changes} == expected
        for change in changes:
            mine, theirs = before.get(change.iri, set()), after.get(change.iri, set())
            assert {line.decode() for line in change.gone.lines} == mine - theirs
            assert {line.decode() for line in change.come.lines} == theirs - mine
        assert (found.before, found.after) == (len(before), len(after))
        assert {line.decode() for gone, _ in differences for line in gone} == old - new
        assert {line.decode() for _, come in differences for line in come} == new - old

    test()


def test_of_a_thing_with_many_lines_the_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "LINES_KEPT", 3)
    content = {f'<http://x/id/1> <http://p/{number}> "" {G} .\n' for number in range(10)}
    with written(content, set()) as paths:
        (change,) = Comparison(*paths).changes()
    assert (change.gone.count, len(change.gone.lines), change.come.count) == (10, 3, 0)


def test_a_file_that_is_missing_says_nothing(tmp_path: Path) -> None:
    with written({f'<http://x/id/1> <http://p/1> "" {G} .\n'}) as (path,):
        assert [change.kind for change in Comparison(None, path).changes()] == [Kind.ADDED]
        gone = Comparison(path, tmp_path / "none")
        assert [change.kind for change in gone.changes()] == [Kind.REMOVED]
    assert comparison.is_same_file(tmp_path / "a", tmp_path / "b")
