"""deploy/nginx-https.conf as it is: HTTPS and HTTP/2 before the server, at the root of a host."""

import datetime
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.clients.conftest import nginx, program
from tests.endpoint.example_release import FIRST
from tests.endpoint.serving import ROOT, free_port

EXAMPLE = (ROOT / "deploy" / "nginx-https.conf").read_text(encoding="utf-8")
LIVE = "/etc/letsencrypt/live/data.example.jp"
HOST = "localhost"


def certify(folder: Path) -> None:
    """A certificate for this machine, signed by itself (RFC 5280)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("https")
    certify(found)
    return found


@pytest.fixture(scope="module")
def secure(url: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses with HTTP and with HTTPS."""
    port = free_port()
    text = EXAMPLE.replace(LIVE, str(folder)).replace("rate=20r/s", "rate=10000r/s")
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;")
    with nginx(text, url, folder) as plain:
        yield plain, f"https://{HOST}:{port}/"


def test_everything_is_served_by_https(secure: tuple[str, str], folder: Path) -> None:
    _, address = secure
    with requests.Session() as session:
        session.trust_env = False  # its certificates would go before ours
        session.verify = str(folder / "fullchain.pem")
        for path in (
            "",
            "sparql",
            "catalog.ttl",
            "id/facility/a%2Fb",
            "static/site.css",
        ):
            answer = session.get(address + path, headers={"Accept": "text/html,*/*"}, timeout=60)
            assert answer.status_code == 200, path
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
            assert answer.url.startswith(address)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in ("metrics", "operator"):
            assert session.get(address + path, timeout=60).status_code == 403


def test_plain_addresses_lead_to_https(secure: tuple[str, str]) -> None:
    plain, _ = secure
    answer = requests.get(f"{plain}id/facility/a%2Fb?x=1", allow_redirects=False, timeout=60)
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://127.0.0.1/id/facility/a%2Fb?x=1"


def test_queries_by_http_2(secure: tuple[str, str], folder: Path) -> None:
    command = [program("curl", "curl"), "-sS", "--http2", "--cacert", folder / "fullchain.pem"]
    command += ["-w", "\n%{http_version} %header{tsunagu-release}", f"{secure[1]}sparql"]
    done = subprocess.run(
        [*map(str, command), "--data-urlencode", "query=ASK {}"],
        capture_output=True,
        text=True,
        check=True,
    )
    answer, told = done.stdout.splitlines()
    assert '"boolean":true' in answer
    assert told == f"2 {FIRST}"
