"""A release is signed, and every change of a copy is noticed."""

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pyoxigraph import Literal, Quad, Store

from loader import release
from loader.build.store_files import state
from loader.release import MANIFEST, SEALS, Release

CITY = Path(__file__).parents[3] / "data" / "tsunagu-city"
OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(run: Run, tmp_path: Path) -> Path:
    """A home with a key and a signed release."""
    assert run("keys", "new")[0] == 0
    assert run("publish", CITY / "aed")[0] == 0
    return tmp_path / "home"


def served(home: Path) -> Release:
    found = release.current(home)
    assert found is not None
    return found


def verdict(run: Run, *arguments: object) -> tuple[int, dict[str, object]]:
    code, out, err = run("verify", *arguments, "--format", "json")
    assert out, err
    return code, json.loads(out)


def public_keys(home: Path) -> list[Path]:
    return sorted((home / "keys").glob("*.pub.pem"))


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_private_keys_are_private(home: Path) -> None:
    folder = home / "keys"
    private = [path for path in folder.iterdir() if not path.name.endswith(".pub.pem")]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in private] == [0o600]


def test_a_key_that_others_can_read_signs_nothing(home: Path, run: Run) -> None:
    [private] = [path for path in (home / "keys").iterdir() if ".pub" not in path.name]
    private.chmod(0o640)
    code, _, err = run("publish", CITY / "tourism")
    assert (code, "chmod 600" in err) == (2, True)


def test_a_release_that_nobody_touched(home: Path, run: Run, tmp_path: Path) -> None:
    code, found = verdict(run)
    assert (code, found["problems"], found["authentic"]) == (0, [], True)
    name = served(home).id
    assert verdict(run, name) == (0, found)
    copy = shutil.copytree(served(home).path, tmp_path / "copy")
    assert verdict(run, copy, "--key", public_keys(home)[0]) == (0, found)
    code, out, _ = run("verify")
    assert code == 0 and "as its publisher made it" in out and "no signature" not in out


def change(path: Path, content: bytes) -> None:
    """Write a file anew: files of releases may be linked to those of others."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def a_byte(copy: Path) -> None:
    path = copy / "dumps" / "tsunagu-aed.nq"
    change(path, path.read_bytes().replace(b"1", b"2", 1))


def a_source(copy: Path) -> None:
    [path] = (copy / "sources" / "tsunagu-aed").glob("*.csv")
    change(path, path.read_bytes() + b"1")


def the_manifest(copy: Path) -> None:
    """Alter a file and its hash in the manifest: only the signature can tell."""
    a_byte(copy)
    manifest = json.loads((copy / MANIFEST).read_bytes())
    path = copy / "dumps" / "tsunagu-aed.nq"
    manifest["files"]["dumps/tsunagu-aed.nq"]["sha256"] = release.sha256(path)
    change(copy / MANIFEST, json.dumps(manifest).encode())


def a_link(copy: Path) -> None:
    path = copy / "catalog.ttl"
    shutil.move(path, copy.parent / "elsewhere.ttl")
    path.symlink_to(copy.parent / "elsewhere.ttl")


def the_key(copy: Path) -> None:
    """Sign with another key under the name of the first."""
    [path] = copy.glob("manifest.json.*.sig")
    change(path, bytes(64))


def another_key(copy: Path) -> None:
    """The key that lies there is none that can sign."""
    [path] = copy.glob("manifest.json.*.pem")
    key = X25519PrivateKey.generate().public_key()
    change(path, key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def a_quad_of_the_store(copy: Path) -> None:
    store = Store(str(copy / "store"))
    quad = next(iter(store))
    store.remove(quad)
    store.add(Quad(quad.subject, quad.predicate, Literal("altered"), quad.graph_name))
    store.flush()


def the_store(copy: Path) -> None:
    for path in (copy / "store").glob("*.sst"):
        change(path, path.read_bytes()[:-9])


def a_quad_and_what_is_said_of_it(copy: Path) -> None:
    """Who alters the store cannot pass it off as one that was made anew."""
    a_quad_of_the_store(copy)
    state(Release(copy))


def a_link_of_the_store(copy: Path) -> None:
    path = copy / "store" / "CURRENT"
    shutil.move(path, copy.parent / "elsewhere")
    path.symlink_to(copy.parent / "elsewhere")


CHANGES: list[tuple[Callable[[Path], object], str, str]] = [
    (a_byte, "verify.altered", "dumps/tsunagu-aed.nq"),
    (a_source, "verify.altered", "sources/tsunagu-aed/"),
    (lambda copy: (copy / "catalog.rdf").unlink(), "verify.missing", "catalog.rdf"),
    (a_link, "verify.missing", "catalog.ttl"),
    (lambda copy: change(copy / "dumps" / "x.nq", b""), "verify.extra", "dumps/x.nq"),
    (lambda copy: change(copy / "manifest.json.0123456789abcdef.sig", b""), "verify.extra", ".sig"),
    (the_manifest, "verify.signature-wrong", ".sig"),
    (the_key, "verify.signature-wrong", ".sig"),
    (lambda copy: change(copy / SEALS, b"[]"), "verify.signature-wrong", SEALS),
    (lambda copy: change(copy / SEALS, b'{"keys": {"../x": ""}}'), "verify.signature-wrong", SEALS),
    (lambda copy: change(copy / SEALS, b'{"keys": {}}'), "verify.extra", ".pem"),
    (another_key, "verify.signature-wrong", ".sig"),
    (the_store, "verify.altered", "store/"),
    (a_quad_of_the_store, "verify.altered", "store/CURRENT"),
    (a_quad_of_the_store, "verify.extra", "store/"),
    (a_quad_and_what_is_said_of_it, "verify.store", "store"),
    (a_link_of_the_store, "verify.missing", "store/CURRENT"),
    (lambda copy: shutil.rmtree(copy / "store"), "verify.missing", "store/CURRENT"),
]


@pytest.mark.parametrize(("tamper", "code", "file"), CHANGES)
def test_tampering_is_noticed(
    tamper: Callable[[Path], object], code: str, file: str, home: Path, run: Run, tmp_path: Path
) -> None:
    copy = shutil.copytree(served(home).path, tmp_path / "copy")
    tamper(copy)
    exit_code, found = verdict(run, copy)
    problems = found["problems"]
    assert isinstance(problems, list)
    assert exit_code == 1
    assert [item for item in problems if item["code"] == code and file in item["file"]]
    assert run("verify", copy)[1].endswith("not as its publisher made it.\n")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"layout": 9, "id": "x"}',
        b'{"layout": 1, "id": "x", "base_iri": "y", "files": {"a": 1}}',
    ],
)
def test_a_manifest_that_is_none(content: bytes, run: Run, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    assert run("verify", tmp_path)[0] == 2


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"{}", b'{"files": []}', b'{"files": {"CURRENT": 1}}']
)
def test_what_is_said_of_a_store_is_nothing(
    said: bytes, home: Path, run: Run, tmp_path: Path
) -> None:
    copy = shutil.copytree(served(home).path, tmp_path / "copy")
    (copy / "store.json").write_bytes(said)
    code, _, err = run("verify", copy)
    assert (code, "store.json" in err) == (2, True)
    assert run("verify", copy, "--no-store")[0] == 0


def test_a_release_that_says_nothing_of_its_store(home: Path, run: Run, tmp_path: Path) -> None:
    """As those did that were made before it was said."""
    copy = shutil.copytree(served(home).path, tmp_path / "copy")
    manifest = json.loads((copy / MANIFEST).read_bytes())
    del manifest["store"]["files"]
    for path in copy.glob("manifest.json*"):
        path.unlink()
    (copy / MANIFEST).write_text(json.dumps(manifest))
    assert run("verify", copy)[0] == 0
    a_quad_of_the_store(copy)
    code, found = verdict(run, copy)
    assert (code, found["problems"]) == (1, [{"code": "verify.store", "file": "store"}])


def test_what_is_not_there(run: Run, tmp_path: Path) -> None:
    assert run("verify")[0] == 2
    assert run("verify", tmp_path / "nothing")[0] == 2
    (tmp_path / "bad.pem").write_text("-----BEGIN PUBLIC KEY-----")
    for option in ("--key", "--tsa-certificate"):
        for name in ("no.pem", "bad.pem"):
            code, _, err = run("verify", tmp_path, option, tmp_path / name)
            assert (code, "Cannot read the key or certificate" in err) == (2, True)


def test_a_hostile_manifest_leads_nowhere(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    copy = tmp_path / "copy"
    copy.mkdir()
    names = ("../secret", str(tmp_path / "secret"))
    files = {name: {"bytes": 1, "sha256": ""} for name in names}
    manifest = {"layout": 1, "id": "x", "base_iri": "y", "quads": 0, "files": files}
    (copy / MANIFEST).write_text(json.dumps(manifest))
    _, found = verdict(run, copy)
    assert found["problems"] == [{"code": "verify.missing", "file": name} for name in names]
    assert Release(copy).public_file("../secret") is None


def test_the_wrong_key_and_no_signature(home: Path, run: Run, tmp_path: Path) -> None:
    run("keys", "new", "--home", tmp_path / "other")
    [stranger] = public_keys(tmp_path / "other")
    code, found = verdict(run, "--key", stranger)
    assert (code, found["authentic"]) == (1, False)
    code, found = verdict(run, served(home).path, "--home", tmp_path / "empty")
    assert (code, found["authentic"], found["problems"]) == (0, False, [])
    copy = shutil.copytree(served(home).path, tmp_path / "copy")
    for path in copy.glob("manifest.json.*"):
        path.unlink()
    code, out, _ = run("verify", copy)
    assert code == 0 and "There is no signature" in out
    assert run("verify", copy, "--key", public_keys(home)[0])[0] == 1


def test_keys_are_rotated_with_overlap(home: Path, run: Run) -> None:
    first = served(home)
    [old] = public_keys(home)
    assert run("keys", "new")[0] == 0
    [new] = set(public_keys(home)) - {old}
    run("publish", CITY / "tourism")
    second = served(home)
    assert run("keys", "retire", old.name.partition(".")[0])[0] == 0
    run("remove", "tsunagu-aed")
    third = served(home)
    signed = [len(list(item.path.glob("*.sig"))) for item in (first, second, third)]
    assert signed == [1, 2, 1]
    expected = {(first, old): 0, (second, old): 0, (second, new): 0, (third, new): 0}
    expected |= {(first, new): 1, (third, old): 1}
    for (item, key), code in expected.items():
        assert run("verify", item.id, "--key", key)[0] == code
    # The home knows the keys that it has retired.
    assert [run("verify", item.id)[0] for item in (first, second, third)] == [0, 0, 0]
    code, out, _ = run("keys", "list", "--format", "json")
    active = {entry["id"]: entry["active"] for entry in json.loads(out)}
    assert active == {old.name.partition(".")[0]: False, new.name.partition(".")[0]: True}
    assert run("keys", "retire", old.name.partition(".")[0])[0] == 2
    assert run("keys", "retire")[0] == 64


def test_a_home_without_keys(run: Run, tmp_path: Path) -> None:
    assert "no key" in run("keys", "list")[1]
    assert run("publish", CITY / "aed")[0] == 0
    assert served(tmp_path / "home").proof.files == ()
    code, found = verdict(run)
    assert (code, found["signatures"], found["authentic"]) == (0, [], False)


@needs_openssl
def test_openssl_verifies_our_signature(home: Path) -> None:
    folder = served(home).path
    [key], [signature] = folder.glob("*.pem"), folder.glob("*.sig")
    command = ("pkeyutl", "-verify", "-pubin", "-inkey", key.name, "-rawin")
    command += ("-sigfile", signature.name, "-in")
    assert openssl(folder, *command, MANIFEST).returncode == 0
    assert openssl(folder, *command, SEALS).returncode != 0


def certificate(folder: Path, *kind: str) -> None:
    made = openssl(
        folder,
        *("req", "-x509", "-nodes", "-newkey", *kind, "-keyout", "org.key", "-out", "org.crt"),
        *("-days", "30", "-subj", "/O=Tsunagu City (sample)"),
        *("-addext", "keyUsage=digitalSignature", "-addext", "extendedKeyUsage=emailProtection"),
    )
    assert made.returncode == 0, made.stderr


KINDS = [
    ("rsa:2048",),
    ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    ("ed25519",),
]


@needs_openssl
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_the_certificate_of_an_organisation(
    kind: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    certificate(home, *kind)
    (home / "tsunagu.toml").write_text('[signing]\ncertificate = "org.crt"\nkey = "org.key"\n')
    os.chmod(home / "org.key", 0o600)
    assert run("publish", CITY / "aed")[0] == 0
    folder = served(home).path
    code, found = verdict(run, "--key", home / "org.crt")
    assert (code, found["authentic"]) == (0, True)
    assert "Tsunagu City (sample)" in run("verify")[1]
    cms = ("cms", "-verify", "-inform", "DER", "-binary", "-in", "manifest.json.p7s")
    cms += ("-CAfile", str(home / "org.crt"), "-out", os.devnull, "-content")
    if kind[0] == "ed25519":
        assert not (folder / "manifest.json.p7s").exists()
    else:
        assert openssl(folder, *cms, MANIFEST).returncode == 0
        assert openssl(folder, *cms, SEALS).returncode != 0


@needs_openssl
def test_certificates_that_cannot_sign(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    certificate(home, "ed25519")
    settings = home / "tsunagu.toml"
    settings.write_text('[signing]\ncertificate = "org.crt"\nkey = "other.key"\n')
    assert "No such file" in run("publish", CITY / "aed")[2]
    openssl(home, "genpkey", "-algorithm", "ed25519", "-out", "other.key")
    (home / "other.key").chmod(0o600)
    assert "do not belong together" in run("publish", CITY / "aed")[2]
    openssl(home, "genpkey", "-algorithm", "x25519", "-out", "other.key")
    assert "of a kind that cannot be used" in run("publish", CITY / "aed")[2]
    (home / "other.key").write_text("nonsense")
    assert "without a passphrase" in run("publish", CITY / "aed")[2]
    settings.write_text('[signing]\ncertificate = "org.crt"\n')
    assert "or neither" in run("publish", CITY / "aed")[2]
    settings.write_text('[signing]\ncertificate = "tsunagu.toml"\nkey = "org.key"\n')
    assert "Cannot read" in run("publish", CITY / "aed")[2]
    openssl(
        home, *("req", "-x509", "-key", "org.key", "-out", "old.crt", "-subj", "/O=x"),
        *("-not_before", "20200101000000Z", "-not_after", "20200201000000Z"),
    )  # fmt: skip
    if (home / "old.crt").exists():
        settings.write_text('[signing]\ncertificate = "old.crt"\nkey = "org.key"\n')
        assert "is not valid now" in run("publish", CITY / "aed")[2]
