"""Whether the store of a release holds what its dumps say, no more and no less."""

from pyoxigraph import RdfFormat, Store, parse

from loader.release import Release


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
