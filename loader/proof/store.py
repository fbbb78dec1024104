"""Whether the store of a release is as it was made, and holds what the dumps say."""

from collections.abc import Iterator

from pyoxigraph import RdfFormat, Store, parse

from loader.proof.copies import STORE, FolderCopy
from loader.proof.verification import Problem, Verdict, check_files
from loader.release import Release


def check_store(release: Release, verdict: Verdict) -> None:
    """Compare the files of the store with what is stated of them, and its quads with the dumps.

    The quads only where nothing else is wrong; they are read one by one. Raises ReleaseError where
    what is stated of the files cannot be read.
    """
    stated = {f"{STORE}/{name}": entry for name, entry in release.store_files.items()}
    check_files(FolderCopy(release.path), stated, verdict)
    if stated:
        verdict.problems += [Problem("verify.extra", name) for name in _others(release, stated)]
    if verdict.untampered and not is_as_dumped(release):
        verdict.problems.append(Problem("verify.store", STORE))


def _others(release: Release, stated: dict[str, dict[str, object]]) -> Iterator[str]:
    for path in sorted(release.store.rglob("*")):
        name = path.relative_to(release.path).as_posix()
        if name not in stated:
            yield name


def is_as_dumped(release: Release) -> bool:
    """Compare the store with the dumps, quad for quad.

    The store has as many quads as the (signed) manifest says, and every one of the dumps: so it
    has no other. A store that cannot be read does not hold them.
    """
    try:
        return _holds_the_same(release)
    except (OSError, ValueError, RuntimeError):
        # pyoxigraph tells of damaged files of the store by RuntimeError.
        return False


def _holds_the_same(release: Release) -> bool:
    store = Store.read_only(str(release.store))
    if len(store) != release.manifest["quads"]:
        return False
    dumps = [release.path / name for name in release.graph_files]
    return all(
        quad in store for path in dumps for quad in parse(path=path, format=RdfFormat.N_QUADS)
    )
