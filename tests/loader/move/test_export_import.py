"""A release goes into a file and comes out of it whole, or not at all."""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from endpoint.app import create_app
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from loader import release
from loader.build import LOCK, exclusive
from loader.build.store_files import measure
from loader.cli.main import main
from loader.move import archive
from loader.release import MANIFEST, Release
from tests.loader.conftest import Run

DATA = Path(__file__).parents[3] / "data"
Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a key and a signed release, which has a source in N-Quads."""
    folder = tmp_path_factory.mktemp("origin")
    (folder / "in").mkdir()
    (folder / "in" / "graph.nq").write_text("<urn:a> <urn:p> _:b <urn:g> .\n")
    shutil.copytree(DATA / "tsunagu-city" / "aed", folder / "in" / "aed")
    home = folder / "home"
    assert main(["keys", "new", "--home", str(home)]) == 0
    assert main(["publish", str(folder / "in"), "--home", str(home)]) == 0
    return home


@pytest.fixture(scope="module")
def packed(origin: Path) -> Path:
    file = origin.parent / "release.tar"
    assert main(["export", "-o", str(file), "--home", str(origin)]) == 0
    return file


def current(home: Path) -> Release:
    found = release.current(home)
    assert found is not None
    return found


def members(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return [(member, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def write(path: Path, content: Iterable[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for member, body in content:
            tar.addfile(member, io.BytesIO(body) if member.isreg() else None)
    return path


def entry(name: str, body: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> Any:
    member = tarfile.TarInfo(name)
    member.size, member.type, member.linkname = len(body), kind, link
    return member, body


def restated(original: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    """The members with another manifest, unsigned."""
    manifest = json.loads(original[0][1])
    change(manifest)
    body = json.dumps(manifest).encode()
    files = [item for item in original[1:] if f"/{MANIFEST}." not in item[0].name]
    return [entry(original[0][0].name, body), *files]


def test_a_release_comes_out_as_it_went_in(
    run: Run, tmp_path: Path, origin: Path, packed: Path
) -> None:
    code, out, err = run("import", packed)
    assert code == 0, err
    assert "tsunagu rollback" in err and "no signature" not in out
    home = tmp_path / "home"
    assert release.current(home) is None
    [arrived] = release.releases(home)
    sent = current(origin)
    for name in [MANIFEST, *sent.proof.files, *sent.manifest["files"]]:
        assert (arrived.path / name).read_bytes() == (sent.path / name).read_bytes()
    assert arrived.store_files == measure(arrived.store)
    assert arrived.store_files != sent.store_files
    assert run("rollback", arrived.id)[0] == 0
    key = next((origin / "keys").glob("*.pub.pem"))
    code, out, _ = run("verify", "--key", key)
    assert (code, "as its publisher made it" in out) == (0, True)
    code, _, err = run("import", packed, "--switch", "--key", key)
    assert (code, err.strip()) == (0, f"Now serving release {arrived.id}.")
    assert sorted(path.name for path in home.iterdir()) == [LOCK, "current", "releases"]


def test_a_publish_goes_on_from_what_was_imported(
    run: Run, tmp_path: Path, packed: Path, origin: Path
) -> None:
    assert run("import", packed, "--switch")[0] == 0
    assert run("publish", DATA / "tsunagu-city" / "aed")[0] == 0
    assert current(tmp_path / "home").id == current(origin).id


def test_the_file_is_the_same_wherever_it_is_made(
    run: Run, tmp_path: Path, origin: Path, packed: Path
) -> None:
    copy = shutil.copytree(origin, tmp_path / "other", symlinks=True)
    for path in copy.rglob("*.nq"):
        path.chmod(0o600)
        os.utime(path, (1, 1))
    for name in ("again.tar", "small.tar.gz", "small.tgz"):
        code, _, err = run("export", current(origin).id, "-o", tmp_path / name, "--home", copy)
        assert code == 0, err
    assert (tmp_path / "again.tar").read_bytes() == packed.read_bytes()
    small = (tmp_path / "small.tar.gz").read_bytes()
    assert gzip.decompress(small) == packed.read_bytes()
    assert small == (tmp_path / "small.tgz").read_bytes()
    assert run("import", tmp_path / "small.tgz")[0] == 0


def test_what_belongs_to_the_home_is_named(run: Run, tmp_path: Path, origin: Path) -> None:
    home = Path(shutil.copytree(origin, tmp_path / "other", symlinks=True))
    (home / "links.csv").write_text("id,decision\n")
    _, _, err = run("export", "-o", tmp_path / "x.tar", "--home", home)
    assert "own files: links.csv, keys." in err
    assert not any("links.csv" in member.name for member, _ in members(tmp_path / "x.tar"))
    shutil.rmtree(home / "keys")
    (home / "links.csv").unlink()
    assert "own files" not in run("export", "-o", tmp_path / "y.tar", "--home", home)[2]


def test_what_cannot_be_exported(run: Run, tmp_path: Path, origin: Path) -> None:
    copy = shutil.copytree(origin, tmp_path / "other", symlinks=True)
    file = tmp_path / "x.tar"
    assert run("export", "-o", file)[0] == 2
    assert run("export", "none", "-o", file, "--home", copy)[0] == 2
    assert run("export", "-o", tmp_path / "x.zip", "--home", copy)[0] == 64
    dump = current(copy).dump("tsunagu-aed")
    dump.write_bytes(dump.read_bytes() + b"\n")
    code, _, err = run("export", "-o", file, "--home", copy)
    assert (code, "dumps/tsunagu-aed.nq" in err) == (2, True)
    assert not file.exists()
    assert [path for path in tmp_path.iterdir() if ".part" in path.name] == []


ALTERED: dict[str, Callable[[Members], Members]] = {
    "a byte": lambda all_: [
        (m, b.replace(b"a", b"b", 1) if m.name.endswith("aed.nq") else b) for m, b in all_
    ],
    "one less": lambda all_: [item for item in all_ if "/dumps/" not in item[0].name],
    "another signature": lambda all_: [
        (m, bytes(len(b)) if m.name.endswith(".sig") else b) for m, b in all_
    ],
    "another index of keys": lambda all_: [
        (m, b.replace(b'"id"', b'"ID"') if m.name.endswith("sig.json") else b) for m, b in all_
    ][:-1],
}


@pytest.mark.parametrize("alter", ALTERED.values(), ids=ALTERED.keys())
def test_what_was_altered_is_not_taken_in(
    run: Run, tmp_path: Path, packed: Path, alter: Callable[[Members], Members]
) -> None:
    code, out, err = run("import", write(tmp_path / "x.tar", alter(members(packed))))
    assert (code, "was not taken in" in err) == (1, True), out + err
    assert release.releases(tmp_path / "home") == []


def test_the_publisher_is_who_was_asked_for(run: Run, tmp_path: Path, packed: Path) -> None:
    assert run("keys", "new", "--home", tmp_path / "stranger")[0] == 0
    key = next((tmp_path / "stranger" / "keys").glob("*.pub.pem"))
    assert run("import", packed, "--key", key)[0] == 1
    assert run("keys", "new")[0] == 0
    assert run("import", packed)[0] == 1, "the home knows its own keys only"
    assert release.releases(tmp_path / "home") == []


def names(change: str, size: int = 0) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: manifest["files"].update({change: {"bytes": size, "sha256": "0" * 64}})


HOSTILE: dict[str, Callable[[Members, str], Members]] = {
    "parent": lambda all_, top: [*all_, entry(f"{top}/../../evil", b"x")],
    "absolute": lambda all_, top: [*all_, entry("/tmp/evil", b"x")],
    "symlink": lambda all_, top: [*all_, entry(f"{top}/catalog.x", b"", tarfile.SYMTYPE, "/etc")],
    "hard link": lambda all_, top: [*all_, entry(f"{top}/a", b"", tarfile.LNKTYPE, "/etc/passwd")],
    "device": lambda all_, top: [*all_, entry(f"{top}/dev", b"", tarfile.CHRTYPE)],
    "pipe": lambda all_, top: [*all_, entry(f"{top}/pipe", b"", tarfile.FIFOTYPE)],
    "not named": lambda all_, top: [*all_, entry(f"{top}/more.txt", b"x")],
    "twice": lambda all_, top: [*all_, all_[-1]],
    "larger": lambda all_, top: [all_[0], entry(f"{top}/catalog.ttl", bytes(1 << 20))],
    "store": lambda all_, top: restated(all_, names("store/CURRENT")),
    "named parent": lambda all_, top: restated(all_, names("../../evil")),
    "named absolute": lambda all_, top: restated(all_, names("/tmp/evil")),
    "named twice": lambda all_, top: restated(all_, names("dumps//tsunagu-aed.nq")),
    "no name": lambda all_, top: restated(all_, names("")),
    "not UTF-8": lambda all_, top: restated(all_, names("a\ud800")),
    "negative": lambda all_, top: restated(all_, names("a", -1)),
    "a file as folder": lambda all_, top: [
        *restated(all_, names("catalog.ttl/x", 1)),
        entry(f"{top}/catalog.ttl/x", b"x"),
    ],
    "the manifest again": lambda all_, top: [
        *restated(all_, names(MANIFEST, 1)),
        entry(f"{top}/{MANIFEST}", b"x"),
    ],
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_writes_nothing(
    run: Run, tmp_path: Path, packed: Path, make: Callable[[Members, str], Members]
) -> None:
    original = members(packed)
    top = original[0][0].name.partition("/")[0]
    code, _, err = run("import", write(tmp_path / "x.tar", make(original, top)))
    assert (code, "no place in a release" in err) == (2, True), err
    assert release.releases(tmp_path / "home") == []
    assert not (tmp_path / "evil").exists() and not Path("/tmp/evil").exists()


def without(key: str) -> Callable[[Members], bytes]:
    def change(all_: Members) -> bytes:
        return raw(restated(all_, lambda manifest: manifest.pop(key)))

    return change


def raw(content: Members) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for member, body in content:
            tar.addfile(member, io.BytesIO(body))
    return stream.getvalue()


def endless_header(all_: Members) -> bytes:
    """A header of a gigabyte, in a megabyte."""
    head = tarfile.TarInfo("x")
    head.type, head.size = tarfile.XHDTYPE, 1 << 30
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as stream:
        stream.write(head.tobuf())
        for _ in range(64):
            stream.write(bytes(1 << 20))
    return packed.getvalue()


BROKEN: dict[str, Callable[[Members], bytes]] = {
    "nothing": lambda all_: b"",
    "a text": lambda all_: "番号,名称\n".encode() * 1000,
    "half": lambda all_: raw(all_)[:100_000],
    "half of gzip": lambda all_: gzip.compress(raw(all_))[:20_000],
    "damaged gzip": lambda all_: gzip.compress(raw(all_))[:20_000] + bytes(5000),
    "zip": lambda all_: b"PK\x03\x04" + bytes(1000),
    "another order": lambda all_: raw([*all_[1:], all_[0]]),
    "another name": lambda all_: raw([entry("release/manifest.json", all_[0][1])]),
    "other id": lambda all_: raw([entry(f"20200101T000000Z-00000000/{MANIFEST}", all_[0][1])]),
    "no JSON": lambda all_: raw([entry(all_[0][0].name, b"{")]),
    "a list": lambda all_: raw([entry(all_[0][0].name, b"[]")]),
    "no quads": without("quads"),
    "no base": without("base_iri"),
    "another base": lambda all_: raw(restated(all_, lambda m: m.update(base_iri="file:///"))),
    "another store": lambda all_: raw(restated(all_, lambda m: m.update(store={"layers": "x"}))),
    "newer": lambda all_: raw(restated(all_, lambda m: m.update(layout=99))),
    "endless header": endless_header,
}


@pytest.mark.parametrize("make", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_release_is_told(
    run: Run, tmp_path: Path, packed: Path, make: Callable[[Members], bytes]
) -> None:
    (tmp_path / "x.tar").write_bytes(make(members(packed)))
    code, _, err = run("import", tmp_path / "x.tar")
    assert (code, "defect" in err) == (2, False), err
    assert release.releases(tmp_path / "home") == []
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == [LOCK]


def forged(all_: Members, dump: bytes) -> Members:
    """An unsigned release whose hashes are right and whose dump is not of the graph."""
    name = "dumps/tsunagu-aed.nq"
    stated = {"bytes": len(dump), "sha256": hashlib.sha256(dump).hexdigest()}
    changed = restated(all_, lambda manifest: manifest["files"].update({name: stated}))
    return [entry(m.name, dump) if m.name.endswith(name) else (m, b) for m, b in changed]


@pytest.mark.parametrize("dump", [b"<a> <b", b"<urn:a> <urn:b> <urn:c> <urn:d> .\n"])
def test_dumps_that_make_another_store_are_refused(
    run: Run, tmp_path: Path, packed: Path, dump: bytes
) -> None:
    code, _, err = run("import", write(tmp_path / "x.tar", forged(members(packed), dump)))
    assert (code, "do not make the store" in err) == (2, True), err
    assert release.releases(tmp_path / "home") == []


def test_another_release_of_the_same_name_is_kept(run: Run, tmp_path: Path, packed: Path) -> None:
    assert run("import", packed)[0] == 0
    [kept] = release.releases(tmp_path / "home")
    other = restated(members(packed), lambda manifest: manifest.update(title={"ja": "別"}))
    code, _, err = run("import", write(tmp_path / "x.tar", other))
    assert (code, "another home" in err) == (2, True)
    assert kept.manifest["title"] != {"ja": "別"}
    assert run("verify", kept.id)[0] == 0


def test_a_full_disk_and_a_busy_home_are_told(
    run: Run, tmp_path: Path, packed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with exclusive(tmp_path / "home"):
        assert run("import", packed)[0] == 2
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: usage)
    code, _, err = run("import", packed)
    assert (code, "no room" in err) == (2, True)


def test_a_release_may_be_copied_while_it_is_served(origin: Path, tmp_path: Path) -> None:
    application = create_app(origin, settings=Settings(page_seconds=20.0, query_seconds=20.0))
    stop = threading.Event()
    failures: list[int] = []

    def ask() -> None:
        client = application.test_client()
        while not stop.is_set():
            answer = client.get("/sparql?query=ASK{?s ?p ?o}")
            failures.extend([answer.status_code] * (answer.status_code != 200))

    reader = threading.Thread(target=ask)
    reader.start()
    served = current(origin)
    linked = tmp_path / "linked" / "releases" / served.id
    shutil.copytree(served.path, linked, copy_function=os.link)
    copied = tmp_path / "copied" / "releases" / served.id
    copied.parent.mkdir(parents=True)
    subprocess.run(["cp", "-a", served.path, copied], check=True)
    stop.set()
    reader.join()
    application.extensions[EXTENSION].workers.close()
    assert failures == []
    for copy in (linked, copied):
        home = copy.parents[1]
        assert main(["rollback", served.id, "--home", str(home)]) == 0
        assert main(["verify", "--home", str(home)]) == 0
        assert count(home) == served.manifest["quads"]


def count(home: Path) -> int:
    """How many quads an endpoint of the home finds."""
    application = create_app(home, settings=Settings(page_seconds=20.0, query_seconds=20.0))
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    answer = application.test_client().get("/sparql", query_string={"query": query})
    application.extensions[EXTENSION].workers.close()
    assert answer.json is not None
    return int(answer.json["results"]["bindings"][0]["n"]["value"])


def test_a_process_that_is_killed_leaves_nothing(tmp_path: Path, packed: Path) -> None:
    home = tmp_path / "home"
    script = (
        "import os, sys, loader.move.arrival as a; from loader.cli.main import main\n"
        "a.settle = lambda *_: os._exit(9)\n"
        "main(['import', sys.argv[1], '--switch', '--home', sys.argv[2]])"
    )
    killed = subprocess.run([sys.executable, "-c", script, packed, home], check=False)
    assert killed.returncode == 9
    assert release.releases(home) == [] and release.current(home) is None
    assert main(["import", str(packed), "--switch", "--home", str(home)]) == 0
    assert not (home / ".building").exists()
