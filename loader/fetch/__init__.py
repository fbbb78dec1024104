"""Fetches what lies at an address into a home, once for as long as it does not change.

An address that does not answer leaves the last fetched copy in use. Nothing else of Tsunagu speaks
to the network, and this speaks only http and https, within the limits of the configuration.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from loader.config import FetchRules
from loader.fetch.client import NOT_MODIFIED, Answer, Client, Request, check_size
from loader.fetch.html import LOOKED_AT, is_html
from loader.fetch.names import media_type_of, name_from
from loader.fetch.refusal import Refusal, copy_used
from loader.fetch.store import FOLDER, STATE, CopyStore, Kept, read_kept, write_kept
from loader.model import FindingLog
from loader.progress import Progress, Silence

__all__ = ["Fetched", "Fetcher", "Refusal", "Request", "copy_used"]

PART = ".part"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file of an address: where it lies, and its media type as the server stated it."""

    path: Path
    media_type: str


class Fetcher:
    """Fetches into ``<home>/sources/``; findings tell what went wrong.

    A context manager: leaving it lets other processes fetch into the home. Until then what was
    fetched does not change. Raises SourceError ``source.busy`` where another process fetches.
    """

    def __init__(
        self,
        home: Path,
        rules: FetchRules | None = None,
        progress: Progress | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._copies = CopyStore(home / FOLDER)
        self._client = Client(rules or FetchRules(), sleep)
        self._progress = progress or Silence()

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self._copies.close()

    def check_size(self, size: int) -> None:
        """Raise Refusal for more bytes than may be fetched."""
        check_size(size, self._client.rules.max_bytes)

    def folder(self, name: str, key: str) -> Path:
        """Return a folder of the home for what is made from several answers."""
        return self._copies.place(name, key)

    def fetch(self, url: str, findings: FindingLog, name: str | None = None) -> Fetched | None:
        """Return the content of an address as a file called ``name``, or None with a violation."""
        folder = self._copies.place(_host(url), f"{url}\n{name or ''}")
        kept = read_kept(folder)
        try:
            kept = self._refresh(Request(url), folder, kept, name)
        except Refusal as refusal:
            if kept is None or refusal.final:
                findings.add(refusal.finding(url))
                return None
            findings.add(copy_used(refusal, url, kept.fetched))
        return Fetched(folder / kept.name, kept.media_type)

    def answer(self, request: Request, path: Path) -> str:
        """Write the answer to a request into a file and return its media type.

        Nothing of it is kept for the next time. Raises Refusal.
        """
        media_type = ""

        def take(answer: Answer) -> None:
            nonlocal media_type
            media_type = media_type_of(answer.headers.get("Content-Type", ""))
            self._write(answer, path, request.url)

        self._client.attempts(request, take)
        return media_type

    def _refresh(self, request: Request, folder: Path, kept: Kept | None, name: str | None) -> Kept:
        """Return the copy after it was asked for anew."""
        asked = Request(request.url, kept.conditions() if kept else {})
        found = kept

        def take(answer: Answer) -> None:
            nonlocal found
            if answer.status != NOT_MODIFIED:
                found = self._keep(answer, folder, request.url, name)

        try:
            self._client.attempts(asked, take)
        finally:
            (folder / PART).unlink(missing_ok=True)
        if found is None:
            raise Refusal("source.unreachable", reason=f"HTTP {NOT_MODIFIED}")
        return found

    def _keep(self, answer: Answer, folder: Path, url: str, name: str | None) -> Kept:
        media_type = media_type_of(answer.headers.get("Content-Type", ""))
        disposition = answer.headers.get("Content-Disposition", "")
        name = name or name_from(url, disposition, media_type)
        sha256, size = self._write(answer, folder / PART, name)
        if name == STATE:
            name = f"_{name}"
        kept = Kept(
            url=url,
            name=name,
            media_type=media_type,
            bytes=size,
            sha256=sha256,
            fetched=time.time(),
            etag=answer.headers.get("ETag", ""),
            last_modified=answer.headers.get("Last-Modified", ""),
        )
        write_kept(folder, kept, folder / PART)
        return kept

    def _write(self, answer: Answer, path: Path, name: str) -> tuple[str, int]:
        """Write the content; return its SHA-256 and its size."""
        digest, size, head = hashlib.sha256(), 0, b""
        self._progress.start(name, answer.size)
        try:
            with path.open("wb") as stream:
                for chunk in answer.chunks:
                    stream.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                    head = (head + chunk)[:LOOKED_AT] if len(head) < LOOKED_AT else head
                    self._progress.advance_to(size)
        finally:
            self._progress.finish()
        if is_html(head):
            raise Refusal("source.html-page")
        return digest.hexdigest(), size


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:40]
    except ValueError:
        return ""
