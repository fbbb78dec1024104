"""The body of a request while it arrives, with pieces as granian gives them."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from endpoint.errors import BadRequest, EndpointError, TimedOut, TooLarge, TooSlow
from endpoint.http.arrival import body_of, refusal

MOST = 10


class Protocol:
    """Gives pieces; waits for ever at None."""

    def __init__(self, *pieces: bytes | None) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if piece is None:
                await asyncio.Event().wait()
            yield piece or b""


def arrive(length: str | None, *pieces: bytes | None) -> bytes:
    chunked = {"transfer-encoding": "chunked"}
    scope: Any = SimpleNamespace(headers=chunked if length is None else {"content-length": length})
    return asyncio.run(body_of(scope, Protocol(*pieces), MOST, 0.01))


def test_a_whole_body() -> None:
    assert arrive("5", b"ASK", b"{}", b"") == b"ASK{}"
    assert arrive(None, b"ASK{}", b"") == b"ASK{}"
    assert arrive(None, b"") == b""
    assert asyncio.run(body_of(SimpleNamespace(headers={}), Protocol(None), MOST, 9)) == b""


REFUSED: list[tuple[type[EndpointError], str | None, list[bytes | None]]] = [
    (TooLarge, "11", []),
    (TooLarge, "9" * 20, []),
    (TooLarge, None, [b"123456", b"123456"]),
    (TooSlow, "5", [b"ASK", None]),
    (BadRequest, None, [b"ASK", b"", b""]),
    (BadRequest, "5", [b"ASK", b""]),
]


@pytest.mark.parametrize(("kind", "length", "pieces"), REFUSED)
def test_a_body_that_is_refused(
    kind: type[EndpointError], length: str | None, pieces: list[bytes | None]
) -> None:
    with pytest.raises(kind):
        arrive(length, *pieces)


def test_a_refusal_says_why_and_when_to_come_again() -> None:
    status, header, body = refusal("en", TimedOut("query.timeout", seconds=1), 10)
    assert (status, dict(header)["retry-after"], dict(header)["content-language"]) == (
        504,
        "10",
        "en",
    )
    assert body.startswith(b"There was no answer within the time limit (1 s)")
    status, header, body = refusal(None, TooLarge("http.413"), 10)
    assert (status, "retry-after" in dict(header)) == (413, False)
    assert "大きすぎます" in body.decode()
