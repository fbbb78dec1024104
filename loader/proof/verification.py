"""Whether a copy of a release is untampered: files, signatures, time stamp."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography import x509

from loader.errors import ReleaseError
from loader.proof.algorithms import algorithm, fingerprint, is_signed, key_id, parse_public
from loader.proof.copies import Copy
from loader.proof.stamp import Stamp, StampState, check_stamp
from loader.release import (
    MANIFEST,
    SEALS,
    TIME_STAMP,
    Proof,
    are_entries,
    check_layout,
    read_proof,
    signature_files,
)


class SignatureState(StrEnum):
    """What a signature is worth."""

    VALID = "valid"
    UNKNOWN_KEY = "unknown-key"
    """It is right, and by a key that nobody has said to be the publisher's."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature of a copy: the id of its key, and what the key says of itself."""

    key: str
    state: SignatureState
    algorithm: str = ""
    fingerprint: str = ""
    subject: str = ""
    """Of the certificate, RFC 4514; empty for a bare key."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the publisher made it: a message code, and the file it is about."""

    code: str
    file: str


@dataclass(slots=True)
class Verdict:
    """What verification found. ``bytes`` counts all files of the manifest."""

    release: str
    base_iri: str
    manifest_sha256: str
    files: int = 0
    bytes: int = 0
    problems: list[Problem] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    time_stamp: Stamp | None = None

    @property
    def untampered(self) -> bool:
        """Whether nothing contradicts the manifest or its signatures."""
        return not self.problems

    @property
    def authentic(self) -> bool:
        """Whether a known key signed it."""
        return any(item.state is SignatureState.VALID for item in self.signatures)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the verifier trusts: fingerprints of keys, root certificates of time stamp authorities.

    ``demanded`` says that a copy without a signature by one of ``keys`` is refused; otherwise one
    that has no signature at all passes as unsigned.
    """

    keys: frozenset[str] = frozenset()
    roots: Sequence[x509.Certificate] = ()
    demanded: bool = False


def verify(copy: Copy, trust: Trust) -> Verdict:
    """Verify a copy; raises ReleaseError where it has no readable manifest."""
    content = copy.read(MANIFEST)
    if content is None:
        raise ReleaseError("release.unreadable", path=MANIFEST, reason="404")
    manifest = read_manifest(content)
    verdict = Verdict(
        str(manifest["id"]), str(manifest["base_iri"]), hashlib.sha256(content).hexdigest()
    )
    proof = _check_proof(copy, content, trust, verdict)
    check_files(copy, manifest["files"], verdict)
    known = {MANIFEST, *manifest["files"], *proof}
    verdict.problems += [
        Problem("verify.extra", name) for name in copy.names() if name not in known
    ]
    return verdict


def read_manifest(content: bytes) -> dict[str, Any]:
    """Read a manifest of whatever hand; raises ReleaseError where it is none or of a newer layout.

    What it has then: ``id``, ``base_iri``, and ``bytes`` and ``sha256`` of each of its ``files``.
    """
    try:
        manifest: dict[str, Any] = json.loads(content)
        check_layout(Path(str(manifest["id"])), manifest["layout"])
        complete = {"id", "base_iri", "files"} <= set(manifest)
        if not complete or not are_entries(manifest["files"]):
            raise ValueError("id, base_iri, files")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ReleaseError("release.unreadable", path=MANIFEST, reason=error) from error
    return manifest


def check_files(copy: Copy, files: Mapping[str, Mapping[str, Any]], verdict: Verdict) -> None:
    """Compare files with what is stated of them, by name."""
    for name, stated in files.items():
        found = copy.measure(name)
        verdict.files += 1
        if found is None:
            verdict.problems.append(Problem("verify.missing", name))
            continue
        verdict.bytes += found[0]
        if found != (stated["bytes"], stated["sha256"]):
            verdict.problems.append(Problem("verify.altered", name))


def _check_proof(copy: Copy, content: bytes, trust: Trust, verdict: Verdict) -> Sequence[str]:
    """Check signatures and time stamp; return the names of the files that belong to them."""
    text = copy.read(SEALS)
    proof = Proof({})
    if text is not None:
        try:
            proof = read_proof(text)
        except ValueError:
            verdict.problems.append(Problem("verify.signature-wrong", SEALS))
    verdict.signatures = list(_signatures(copy, proof.keys, content, trust))
    if proof.time_stamp:
        _check_stamp(copy, content, trust, verdict)
    for signature in verdict.signatures:
        if signature.state is SignatureState.WRONG:
            name = signature_files(signature.key)[0]
            verdict.problems.append(Problem("verify.signature-wrong", name))
    if (trust.demanded or (trust.keys and verdict.signatures)) and not verdict.authentic:
        verdict.problems.append(Problem("verify.not-by-known-key", MANIFEST))
    return (SEALS, *proof.files)


def _signatures(
    copy: Copy, keys: Iterable[str], content: bytes, trust: Trust
) -> Iterator[Signature]:
    for key in keys:
        signature, pem = map(copy.read, signature_files(key))
        yield _signature(key, signature, pem, content, trust)


def _signature(
    key: str, signature: bytes | None, pem: bytes | None, content: bytes, trust: Trust
) -> Signature:
    try:
        public, certificate = parse_public(pem or b"")
    except ValueError:
        return Signature(key, SignatureState.WRONG)
    signed = signature is not None and is_signed(public, signature, content)
    if not signed or key_id(public) != key:
        state = SignatureState.WRONG
    elif fingerprint(public) in trust.keys:
        state = SignatureState.VALID
    else:
        state = SignatureState.UNKNOWN_KEY
    subject = certificate.subject.rfc4514_string() if certificate else ""
    return Signature(key, state, algorithm(public), fingerprint(public), subject)


def _check_stamp(copy: Copy, content: bytes, trust: Trust, verdict: Verdict) -> None:
    verdict.time_stamp = check_stamp(copy.read(TIME_STAMP) or b"", content, trust.roots)
    if verdict.time_stamp.state is StampState.WRONG:
        verdict.problems.append(Problem("verify.time-stamp-wrong", TIME_STAMP))
