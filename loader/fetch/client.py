"""One request over HTTP, within limits of time, size, redirects and repetitions.

What a source says beyond the content (cookies, passwords, proxies of the environment) is not used.
"""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import requests
import urllib3
from requests.structures import CaseInsensitiveDict

from loader.config import FetchRules
from loader.fetch.addresses import SCHEMES, checked
from loader.fetch.connections import Clock, GuardedAdapter
from loader.fetch.refusal import Refusal

CHUNK = 65_536
"""Bytes that are taken at once, before and after decompression."""

AGENT = "Tsunagu (open data publisher)"
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 30.0
"""Longest wait for the next byte."""

REDIRECTS = 5
ATTEMPTS = 3
LONGEST_WAIT = 30.0
"""Seconds between two attempts, whatever the server asks for."""

NOT_MODIFIED = 304
_PASSING = (429, 500, 502, 503, 504)
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; ``data`` makes it a POST."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None


@dataclass(slots=True)
class Answer:
    """What came back. ``size`` is what the server announces, in bytes as they are sent."""

    status: int
    url: str
    headers: CaseInsensitiveDict[str]
    chunks: Iterator[bytes]

    @property
    def size(self) -> int:
        """Bytes to come; 0 where that is not known."""
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(slots=True)
class Client:
    """Sends requests by the rules of the configuration."""

    rules: FetchRules
    sleep: Sleep = time.sleep

    def attempts(self, request: Request, take: Callable[[Answer], None]) -> None:
        """Hand the answer to ``take``; try again where the failure may pass.

        Raises Refusal. ``take`` may be called more than once, each time with a whole answer.
        """
        checked(request.url)
        for attempt in range(ATTEMPTS):
            try:
                with self._answer(request) as answer:
                    take(answer)
                return
            except Refusal as refusal:
                if not refusal.passing or attempt == ATTEMPTS - 1:
                    raise
                asked = refusal.details.get("wait")
                wait = float(str(asked)) if asked is not None else 2.0**attempt
            self.sleep(min(wait, LONGEST_WAIT))

    @contextmanager
    def _answer(self, request: Request) -> Iterator[Answer]:
        clock = Clock(self.rules.seconds)
        with requests.Session() as session, clock.running():
            session.trust_env = False
            adapter = GuardedAdapter(self.rules.allow_private, clock)
            for scheme in SCHEMES:
                session.mount(f"{scheme}://", adapter)
            with self._translated(clock):
                response = _follow(session, request)
            with response:
                yield self._checked(response, clock)

    @contextmanager
    def _translated(self, clock: Clock) -> Iterator[None]:
        """Turn the errors of the network into refusals; a shut connection may look like an end."""
        failure: Exception | None = None
        try:
            yield
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = error
        if clock.rung:
            raise Refusal("source.too-slow", seconds=f"{self.rules.seconds:g}") from failure
        if failure is not None:
            raise _unreachable(failure) from failure

    def _raw(self, response: requests.Response, clock: Clock) -> Iterator[bytes]:
        chunk = b"-"
        while chunk:
            with self._translated(clock):
                chunk = response.raw.read1(CHUNK, decode_content=False)
            yield chunk

    def _checked(self, response: requests.Response, clock: Clock) -> Answer:
        status = response.status_code
        if status != NOT_MODIFIED and not response.ok:
            raise Refusal(
                "source.unreachable",
                passing=status in _PASSING,
                reason=f"HTTP {status}",
                wait=_asked_wait(response.headers.get("Retry-After", "")),
            )
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise Refusal("source.unreachable", reason=f"Content-Encoding: {encoding[:40]}")
        content = _decoded(self._raw(response, clock), encoding)
        chunks = _bounded(content, self.rules.max_bytes)
        return Answer(status, response.url, response.headers, chunks)


def _follow(session: requests.Session, request: Request) -> requests.Response:
    """Send a request and follow redirects; each address is checked as the first one."""
    url = request.url
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **request.headers}
    for _ in range(REDIRECTS + 1):
        response = session.request(
            "GET" if request.data is None else "POST",
            checked(url),
            headers=headers,
            data=request.data,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_SECONDS, SILENCE_SECONDS),
        )
        target = session.get_redirect_target(response)
        if target is None:
            return response
        response.close()
        url = urljoin(url, target.replace(" ", "%20"))
    raise Refusal("source.redirects", limit=REDIRECTS)


def _decoded(raw: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Give the content without its content coding, never more than a chunk at once."""
    if encoding in ("", "identity"):
        yield from raw
        return
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, whichever it is
    try:
        for chunk in raw:
            piece = inflater.decompress(chunk, CHUNK)
            while piece:
                yield piece
                piece = inflater.decompress(inflater.unconsumed_tail, CHUNK)
            if inflater.unused_data:
                raise zlib.error("data after the end")
    except zlib.error as error:
        raise Refusal("source.unreachable", passing=True, reason=f"{encoding}: {error}") from error
    if not inflater.eof:
        raise Refusal("source.unreachable", passing=True, reason=f"{encoding}: unexpected end")


def _bounded(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        check_size(total, limit)
        yield chunk


def check_size(size: int, limit: int) -> None:
    """Raise Refusal for more bytes than may be fetched."""
    if size > limit:
        raise Refusal("source.too-large", limit=limit // 1_000_000)


def _unreachable(error: Exception) -> Refusal:
    """Say a failure of the network in words; what is below it says more than what is around."""
    reason: object = error
    if isinstance(error, requests.exceptions.SSLError):
        return Refusal("source.unreachable", reason=f"TLS: {_innermost(error)}")
    lasting = isinstance(error, requests.exceptions.InvalidURL)
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        reason = f"no answer for {SILENCE_SECONDS:g} s"
    return Refusal("source.unreachable", passing=not lasting, reason=_innermost(reason))


def _innermost(error: object) -> str:
    while isinstance(error, Exception):
        inner = getattr(error, "reason", None) or error.__cause__
        if not isinstance(inner, Exception):
            break
        error = inner
    text = str(error)
    return text.rpartition("): ")[2] or text


def _asked_wait(header: str) -> float | None:
    """Return the seconds of a Retry-After header (RFC 9110, 10.2.3), if it has any."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
