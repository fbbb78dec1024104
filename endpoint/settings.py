"""Limits of the endpoint, in one place."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Key:
    """A key that an operator has given to somebody; of the key itself only the hash is kept."""

    name: str
    sha256: str
    """Of the key, in hexadecimal."""
    query_seconds: float | None = None
    """These three are as for everybody where they are None."""
    queries: int | None = None
    seconds_per_minute: float | None = None
    operator: bool = False
    """Whether it may see and end the queries of others."""
    write: bool = False
    """Whether it may write, where the site takes what is written at all."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a request may cost. docs/endpoint.md lists the same values; a test compares them."""

    query_seconds: float = 10.0
    """How long a query of the public may run before its worker is killed."""
    page_seconds: float = 2.0
    """The same for the fixed queries behind pages and documents."""
    query_workers: int = 4
    page_workers: int = 1
    pinned_workers: int = 1
    """The same for queries of releases that are not served any more (``/release/{id}/sparql``)."""
    pinned_idle_seconds: float = 60.0
    """After which a worker of such a release, that nobody asks, is ended."""
    client_queries: int = 2
    """How many queries of one client run at once, so that two cannot keep out all others."""
    client_queue: int = 8
    client_seconds: float = 60.0
    """Query-seconds of one client in a minute."""
    queue: int = 32
    """How many queries may wait for a worker; further ones are refused at once."""
    page_queue: int = 64
    result_bytes: int = 50 * MIB
    page_bytes: int = 8 * MIB
    """The same for what the web process itself takes apart: pages, documents about things."""
    spool_bytes: int = MIB
    """A result beyond this lies in a temporary file instead of memory."""
    memory_bytes: int = 4096 * MIB
    """Address space of a worker (RLIMIT_AS)."""
    stack_bytes: int = 256 * MIB
    """Stack of the thread that evaluates; nothing below 150 KB of query text exhausts it."""
    allocator: str = "auto"
    """Memory allocator of workers: ``auto`` is the fastest that the system has, ``system`` the C
    library's; else the path of a library."""
    query_bytes: int = 64 << 10
    query_depth: int = 64
    body_bytes: int = 256 << 10
    cache_bytes: int = 64 * MIB
    """Answers of the release that is served, kept in memory for those who ask the same."""
    body_seconds: float = 20.0
    """How long a request may take to arrive."""
    send_seconds: float = 60.0
    """How long a client may take for each 256 KiB of an answer."""
    stop_seconds: float = 15.0
    """How long requests at work may go on when the server is stopped, or reads its configuration
    again."""
    service_endpoints: tuple[str, ...] = ()
    """Addresses of the endpoints that SERVICE may ask; it is off where there are none."""
    service_seconds: float = 5.0
    """How long all of them may take for one query."""
    service_bytes: int = 4 * MIB
    """Answer of one of them."""
    service_fetches: int = 2
    """How many of them are asked at once."""
    service_private: bool = False
    """Whether they may have addresses that are not of the public internet."""
    retry_seconds: int = 10
    """What Retry-After says."""
    table_rows: int = 500
    """Rows of a result that the query page shows; the others are counted and can be downloaded."""
    backlinks: int = 50
    map_tiles: str = ""
    """Address of images behind maps, with ``{z}``, ``{x}`` and ``{y}``; none where it is empty."""
    map_attribution: str = ""
    """Whose images they are, as pages say it."""
    access_log: str = ""
    """A file of the home that gets a line for each request; ``-`` is standard output."""
    write: bool = False
    """Whether holders of keys that may write can change graphs that no publish makes."""
    write_seconds: float = 30.0
    """How long the evaluation of a request that writes may take."""
    write_wait_seconds: float = 60.0
    """How long it may wait for a publish that holds the home."""
    write_bytes: int = 16 * MIB
    """Size of a request that writes."""
    write_quads: int = 1_000_000
    """Statements in all graphs that may be written."""
    write_queue: int = 32
    """How many requests may wait for being written."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of our own proxies, which tell in X-Forwarded-For whom they serve."""
    keys: tuple[Key, ...] = ()
