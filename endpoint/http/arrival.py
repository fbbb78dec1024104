"""The body of a request while it arrives: whole, or refused with a word about it."""

import asyncio
from typing import Any

from endpoint.errors import BadRequest, EndpointError, TooLarge, TooSlow
from endpoint.http.negotiation import choose_language
from endpoint.language import MESSAGES
from vocab.language import LANGUAGES

_MOST_DIGITS = 18


async def body_of(scope: Any, protocol: Any, most: int, seconds: float) -> bytes:
    """Return the body of a request that came by RSGI.

    Raises TooLarge for one of more than ``most`` bytes, or that announces them; TooSlow after so
    many seconds; BadRequest for one that breaks off. granian tells no error there: it gives an
    empty piece at the end, and one more before it where the body is not whole.
    """
    announced = scope.headers.get("content-length")
    if announced is None:
        if "transfer-encoding" not in scope.headers:
            return b""  # nothing comes (RFC 9112, 6.3), and to ask costs as much as a short query
        announced = "0"
    if len(announced) > _MOST_DIGITS or int(announced) > most:
        raise TooLarge("http.413")
    pieces, empty = bytearray(), 0
    try:
        async with asyncio.timeout(seconds):
            async for piece in protocol:
                pieces += piece
                empty += not piece
                if len(pieces) > most:
                    raise TooLarge("http.413")
    except TimeoutError:
        raise TooSlow("http.408", seconds=seconds) from None
    if empty > 1 or len(pieces) < int(announced):
        raise BadRequest("http.incomplete")
    return bytes(pieces)


def refusal(
    accept_language: str | None, error: EndpointError, retry_seconds: int
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, header and text of an answer that the application has not made.

    That is where a request has not arrived, or a result broke before its first byte was sent.
    """
    language = choose_language(accept_language, LANGUAGES)
    text = MESSAGES.text(error.code, language, **error.values)
    header = [
        ("connection", "close"),
        ("content-type", "text/plain; charset=utf-8"),
        ("content-language", language),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ]
    if error.retry:
        header.append(("retry-after", str(error.retry_after or retry_seconds)))
    return error.status, header, f"{text}\n".encode()
