"""Signing a release: signatures of all active keys, CMS of a certificate, a time stamp."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7Options,
    PKCS7SignatureBuilder,
)

from loader.config import Config, FetchRules
from loader.errors import ConfigurationError
from loader.fetch.refusal import Refusal
from loader.model import Finding, FindingLog
from loader.proof.algorithms import (
    PrivateKey,
    algorithm,
    key_id,
    public_pem,
    read_certificate,
    read_private,
    sign,
)
from loader.proof.keys import keys
from loader.proof.stamp import NoStamp, request_stamp
from loader.release import CMS, MANIFEST, SEALS, TIME_STAMP, signature_files
from vocab.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class Signer:
    """One that signs: the private key, and the key or certificate that others check it by."""

    key: PrivateKey
    pem: bytes
    certificate: x509.Certificate | None = None

    @property
    def id(self) -> str:
        """The id of the key."""
        return key_id(self.key.public_key())

    @property
    def algorithm(self) -> str:
        """What it signs with."""
        return algorithm(self.key.public_key())


@dataclass(frozen=True, slots=True)
class Sealer:
    """All that signs a release, ready to do so."""

    signers: Sequence[Signer]
    tsa: str | None
    rules: FetchRules

    def seal(self, folder: Path, findings: FindingLog) -> None:
        """Sign the manifest in ``folder``; a time stamp that cannot be had is a warning."""
        content = (folder / MANIFEST).read_bytes()
        files: dict[str, bytes] = {}
        for signer in self.signers:
            _sign(signer, content, files)
        if stamp := self._stamp(content, findings):
            files[TIME_STAMP] = stamp
        if files:
            files[SEALS] = self._index(files)
        for name, written in files.items():
            (folder / name).write_bytes(written)

    def _index(self, files: Mapping[str, bytes]) -> bytes:
        index = {
            "keys": {signer.id: signer.algorithm for signer in self.signers},
            "certified": [signer.id for signer in self.signers if signer.certificate],
            "cms": CMS in files,
            "time_stamp": TIME_STAMP in files,
        }
        return (json.dumps(index, indent=1) + "\n").encode()

    def _stamp(self, content: bytes, findings: FindingLog) -> bytes | None:
        if self.tsa is None:
            return None
        try:
            return request_stamp(self.tsa, content, self.rules)
        except Refusal as refusal:
            finding = refusal.finding(self.tsa)
            reason = {language: finding.text(language) for language in LANGUAGES}
        except NoStamp as error:
            reason = {language: str(error) for language in LANGUAGES}
        findings.add(Finding("proof.no-time-stamp", self.tsa, details={"reason": reason}))
        return None


def _sign(signer: Signer, content: bytes, files: dict[str, bytes]) -> None:
    signature, pem = signature_files(signer.id)
    files[signature] = sign(signer.key, content)
    files[pem] = signer.pem
    if signer.certificate and not isinstance(signer.key, Ed25519PrivateKey):
        files[CMS] = _cms(signer.certificate, signer.key, content)


def open_sealer(home: Path, config: Config) -> Sealer:
    """Read the keys that sign a release of ``home``; raises ConfigurationError."""
    active = [key.signer() for key in keys(home) if key.active]
    signers = [Signer(key, public_pem(key.public_key())) for key in active]
    if config.signing.certificate and config.signing.key:
        signers.append(_organisation(config.signing.certificate, config.signing.key))
    return Sealer(signers, config.signing.tsa, config.fetch)


def _organisation(certificate_path: Path, key_path: Path) -> Signer:
    certificate = read_certificate(certificate_path)
    key = read_private(key_path)
    if certificate.public_key() != key.public_key():
        raise ConfigurationError("keys.not-a-pair", certificate=certificate_path, key=key_path)
    if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
        raise ConfigurationError(
            "keys.expired",
            path=certificate_path,
            until=certificate.not_valid_after_utc.date().isoformat(),
        )
    return Signer(key, certificate.public_bytes(Encoding.PEM), certificate)


def _cms(
    certificate: x509.Certificate,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    content: bytes,
) -> bytes:
    """A detached CMS signature (RFC 5652) in DER, the certificate included."""
    builder = PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities]
    return builder.sign(Encoding.DER, options)
