"""Time stamps of a time stamp authority over a manifest (RFC 3161): asked for, and checked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from loader.config import FetchRules
from loader.fetch.client import Answer, Client, Request

MEDIA_TYPE = "application/timestamp-query"
_HEADERS = {"Content-Type": MEDIA_TYPE, "Accept": "application/timestamp-reply"}
_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_MOST_BYTES = 1_000_000


class NoStamp(Exception):
    """The authority gave no usable time stamp; the text says why."""


class StampState(StrEnum):
    """How far a time stamp can be trusted."""

    VALID = "valid"
    UNCONFIRMED = "unconfirmed"
    """It is about this manifest; no certificate of the authority was given to check it by."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamp says: the manifest was there at that time (UTC)."""

    state: StampState
    time: datetime | None = None


def request_stamp(url: str, content: bytes, rules: FetchRules) -> bytes:
    """Ask the authority at ``url`` for a time stamp over ``content``; return its answer in DER.

    Raises Refusal where it cannot be reached, NoStamp where it answers something else.
    """
    query = (
        TimestampRequestBuilder()
        .data(content)
        .hash_algorithm(HashAlgorithm.SHA256)
        .cert_request(cert_request=True)
        .build()
    )
    received: list[bytes] = []

    def take(answer: Answer) -> None:
        received[:] = answer.chunks

    bounded = FetchRules(rules.allow_private, _MOST_BYTES, min(rules.seconds, 60))
    Client(bounded).attempts(Request(url, _HEADERS, query.as_bytes()), take)
    reply = b"".join(received)
    granted = _granted(reply)
    if granted is None:
        raise NoStamp("not granted")
    if granted.tst_info.nonce != query.nonce or not _is_about(granted, content):
        raise NoStamp("for other data")
    return reply


def check_stamp(reply: bytes, content: bytes, roots: Sequence[x509.Certificate]) -> Stamp:
    """Check a time stamp over ``content``, and its signer by ``roots`` where there are any.

    A token is checked as of now: an authority's certificate that has expired since does not pass.
    """
    response = _granted(reply)
    if response is None or not _is_about(response, content):
        return Stamp(StampState.WRONG)
    time = response.tst_info.gen_time
    if not roots:
        return Stamp(StampState.UNCONFIRMED, time)
    verifier = VerifierBuilder(roots=list(roots)).build()
    try:
        verifier.verify_message(response, content)
    except VerificationError:
        return Stamp(StampState.WRONG, time)
    return Stamp(StampState.VALID, time)


def _granted(reply: bytes) -> TimeStampResponse | None:
    try:
        response = decode_timestamp_response(reply)
        if PKIStatus(response.status) != PKIStatus.GRANTED:
            return None
        response.tst_info  # noqa: B018  # read here, so that a broken token is found now
    except ValueError:
        return None
    return response


def _is_about(response: TimeStampResponse, content: bytes) -> bool:
    imprint = response.tst_info.message_imprint
    same = imprint.message == hashlib.sha256(content).digest()
    return imprint.hash_algorithm == _SHA256 and same
