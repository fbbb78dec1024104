"""Answers given before, kept while their release is served: bounded in bytes, the last used stay.

A release never changes, so that an answer from it is right for as long as it is served. What asks
is compared as it came (address, body, what the client accepts), before anything of it is read.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]

_OVERHEAD = 1024
"""Bytes of an entry beside its body, about."""
_DECIDES = (
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "CONTENT_TYPE",
    "HTTP_CONTENT_ENCODING",
    "HTTP_HOST",
    "SCRIPT_NAME",
)
"""What an answer may depend on besides the path, the body and the coding: links begin with the
prefix of a proxy (SCRIPT_NAME), and an earlier host leads on to the present one."""
_BYPASS = ("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_AUTHORIZATION")


_OF_CONTENT = ("content-length", "content-type", "content-encoding", "content-language")


def is_validator(header: tuple[str, str]) -> bool:
    """Whether a header belongs to 304 as well (RFC 9110, 15.4.5)."""
    return header[0].lower() not in _OF_CONTENT


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with status 200."""

    release: str
    headers: Headers
    body: bytes
    etag: str
    """As in the header, or nothing."""


def key_of(environ: Mapping[str, object], body: bytes, coding: str) -> bytes | None:
    """What stands for a request; None for one whose answer is not kept."""
    if environ["REQUEST_METHOD"] not in ("GET", "POST") or any(name in environ for name in _BYPASS):
        return None
    parts = [environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], coding]
    parts += [environ.get(name, "") for name in _DECIDES]
    text = "\n".join(f"{len(str(part))}:{part}" for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass") + b"\n" + body).digest()


@dataclass
class AnswerCache:
    """So many bytes of answers. Safe to use from many threads."""

    limit: int
    hits: int = 0
    misses: int = 0
    size: int = 0
    _all: OrderedDict[bytes, Kept] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: bytes, release: str) -> Kept | None:
        """The answer from this release, where it is kept."""
        with self._lock:
            found = self._all.get(key)
            if found is None or found.release != release:
                self.misses += 1
                return None
            self._all.move_to_end(key)
            self.hits += 1
            return found

    def keep(self, key: bytes, answer: Kept) -> None:
        """Keep an answer, for which others may have to go."""
        with self._lock:
            self._remove(key)
            self._all[key] = answer
            self.size += len(answer.body) + _OVERHEAD
            while self.size > self.limit:
                self._remove(next(iter(self._all)))

    def _remove(self, key: bytes) -> None:
        found = self._all.pop(key, None)
        if found is not None:
            self.size -= len(found.body) + _OVERHEAD
