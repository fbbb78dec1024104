"""Time stamps of a local authority (openssl), and copies at an address."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from loader import release
from loader.cli.main import main
from loader.config import FetchRules
from loader.proof.copies import served_copy
from loader.proof.verification import Trust, verify
from loader.release import MANIFEST, TIME_STAMP, Release

CITY = Path(__file__).parents[3] / "data" / "tsunagu-city"
Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

SETTINGS = """
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
[extensions]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TSUNAGU_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()

    def command(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([*map(str, arguments), "--lang", "en"])
        out, err = capsys.readouterr()
        return code, out, err

    return command


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=True)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A folder with all that an authority needs, and its root certificate ``ca.crt``."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "tsa.cnf").write_text(SETTINGS)
    (folder / "serial").write_text("01\n")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(
        folder,
        *("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Sample CA"),
    )
    openssl(
        folder, *("req", *curve, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Sample TSA")
    )
    openssl(
        folder,
        *("x509", "-req", "-in", "tsa.csr", "-CA", "ca.crt", "-CAkey", "ca.key"),
        *("-CAcreateserial", "-extfile", "tsa.cnf", "-extensions", "extensions"),
        *("-out", "tsa.crt"),
    )
    return folder


def stamping(folder: Path):
    """What answers at the address of the authority."""

    def answer(handler) -> None:
        length = int(handler.headers["Content-Length"])
        (folder / "query").write_bytes(handler.rfile.read(length))
        openssl(
            folder,
            *("ts", "-reply", "-config", "tsa.cnf", "-section", "authority"),
            *("-queryfile", "query", "-out", "reply"),
        )
        body = (folder / "reply").read_bytes()
        handler.reply(200, body, Content_Type="application/timestamp-reply")

    return answer


def configure(home: Path, address: str) -> None:
    text = f'[fetch]\nallow_private = true\n[signing]\ntsa = "{address}"\n'
    (home / "tsunagu.toml").write_text(text)


def served(home: Path) -> Release:
    found = release.current(home)
    assert found is not None
    return found


def test_a_time_stamp(site, authority: Path, run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    site.pages["/tsa"] = stamping(authority)
    configure(home, f"{site.url}/tsa")
    assert run("publish", CITY / "aed")[0] == 0
    assert site.asked[0][2]["Content-Type"] == "application/timestamp-query"
    folder = served(home).path
    openssl(
        folder,
        *("ts", "-verify", "-data", MANIFEST, "-in", TIME_STAMP),
        *("-CAfile", str(authority / "ca.crt")),
    )
    code, out, _ = run("verify", "--tsa-certificate", authority / "ca.crt")
    assert code == 0 and "Time stamp: it was there at 20" in out
    code, out, _ = run("verify")
    assert code == 0 and "signature was not checked" in out
    openssl(
        tmp_path,
        *("req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "x.key", "-out", "x.crt"),
        *("-subj", "/CN=Another CA"),
    )
    code, out, _ = run("verify", "--tsa-certificate", tmp_path / "x.crt", "--format", "json")
    assert (code, json.loads(out)["time_stamp"]["state"]) == (1, "wrong")
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / TIME_STAMP).write_bytes(b"\x30\x00")
    assert run("verify", copy)[0] == 1
    (copy / TIME_STAMP).write_bytes((folder / TIME_STAMP).read_bytes())
    (copy / MANIFEST).write_bytes((folder / MANIFEST).read_bytes() + b"\n")
    assert "wrong time stamp" in run("verify", copy)[1]


def test_an_authority_that_gives_none(site, run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    site.page("/tsa", "no", 404)
    configure(home, f"{site.url}/tsa")
    code, out, _ = run("publish", CITY / "aed")
    assert code == 0 and "No time stamp could be had" in out and "HTTP 404" in out
    assert served(home).proof.files == ()
    site.page("/tsa", b"\x30\x05\x30\x03\x02\x01\x02")
    code, out, _ = run("publish", CITY / "tourism")
    assert code == 0 and "not granted" in out


def test_a_time_stamp_for_something_else(site, authority: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("other")
    openssl(authority, *("ts", "-query", "-data", "../other", "-sha256", "-cert", "-out", "query"))
    openssl(
        authority,
        *("ts", "-reply", "-config", "tsa.cnf", "-section", "authority"),
        *("-queryfile", "query", "-out", "reply"),
    )
    site.page("/tsa", (authority / "reply").read_bytes())
    configure(tmp_path / "home", f"{site.url}/tsa")
    code, out, _ = run("publish", CITY / "aed")
    assert code == 0 and "for other data" in out


def test_a_copy_at_an_address(site, run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "tsunagu.toml").write_text("[fetch]\nallow_private = true\n")
    run("keys", "new")
    run("publish", CITY / "aed")
    published = served(home)
    [key] = (home / "keys").glob("*.pub.pem")
    place = f"/release/{published.id}"
    for name in (MANIFEST, *published.proof.files, *published.manifest["files"]):
        site.page(f"{place}/{name}", (published.path / name).read_bytes())
    for address in (site.url + place, f"{site.url}{place}/", f"{site.url}{place}/{MANIFEST}"):
        code, out, _ = run("verify", address, "--key", key)
        assert code == 0 and "as its publisher made it" in out
    site.page(f"{place}/catalog.ttl", "altered")
    del site.pages[f"{place}/catalog.rdf"]
    code, out, _ = run("verify", site.url + place)
    assert code == 1
    assert "altered: catalog.ttl" in out and "missing: catalog.rdf" in out
    for path in [path for path in site.pages if path.startswith(place)]:
        site.pages[path.replace(published.id, "another")] = site.pages[path]
    assert "of another release" in run("verify", f"{site.url}/release/another")[1]
    code, _, err = run("verify", f"{site.url}/nothing")
    assert code == 2 and MANIFEST in err
    (home / "tsunagu.toml").unlink()
    assert run("verify", site.url + place)[0] == 2
    found = verify(served_copy(site.url + place, FetchRules(allow_private=True)), Trust())
    assert [problem.file for problem in found.problems] == ["catalog.rdf", "catalog.ttl"]
