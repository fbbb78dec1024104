"""The journal as Prometheus reads it: text exposition format, version 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/; a dozen counters that are there
already need no client library.
"""

from collections.abc import Iterable, Iterator, Mapping

from endpoint.journal import BUCKETS, Journal
from endpoint.state import Site

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Samples = Iterable[tuple[Mapping[str, object], float]]


def exposition(site: Site) -> str:
    """Return all metrics."""
    journal, workers, cache = site.journal, site.workers, site.cache
    served = site.releases.current()
    release = served.id if served else ""
    lanes = {"queries": workers.queries, "pinned": workers.pinned, "pages": workers.pages}
    requests = (
        ({"method": method, "status": status}, count)
        for (method, status), count in sorted(journal.requests.items())
    )
    outcomes = (({"outcome": name}, count) for name, count in sorted(journal.outcomes.items()))
    running = (({"lane": name}, lane.places.at_work) for name, lane in lanes.items())
    waiting = (({"lane": name}, lane.places.in_line) for name, lane in lanes.items())
    families = (
        _family("requests_total", "counter", "HTTP requests.", requests),
        _family("sent_bytes_total", "counter", "Bytes of answers.", [({}, journal.sent_bytes)]),
        _family("broken_total", "counter", "Answers broken off.", [({}, journal.broken)]),
        _family("queries_total", "counter", "Queries by outcome.", outcomes),
        _histogram(journal),
        _family("queries_running", "gauge", "Queries that run now.", running),
        _family("queries_waiting", "gauge", "Queries that wait now.", waiting),
        _family("cache_hits_total", "counter", "Answers from memory.", [({}, cache.hits)]),
        _family("cache_misses_total", "counter", "Answers not in memory.", [({}, cache.misses)]),
        _family("cache_bytes", "gauge", "Answers in memory.", [({}, cache.size)]),
        _family("release_info", "gauge", "The release served.", [({"id": release}, 1)]),
    )
    return "".join(line + "\n" for family in families for line in family)


def _family(name: str, kind: str, text: str, samples: Samples) -> Iterator[str]:
    yield f"# HELP tsunagu_{name} {text}"
    yield f"# TYPE tsunagu_{name} {kind}"
    for labels, value in samples:
        yield _sample(name, labels, value)


def _sample(name: str, labels: Mapping[str, object], value: float) -> str:
    inner = ",".join(f'{key}="{_escaped(str(text))}"' for key, text in labels.items())
    return f"tsunagu_{name}{f'{{{inner}}}' if inner else ''} {value:.12g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _histogram(journal: Journal) -> Iterator[str]:
    yield "# HELP tsunagu_query_seconds How long queries ran."
    yield "# TYPE tsunagu_query_seconds histogram"
    total = 0
    for bound in BUCKETS:
        total += journal.buckets[bound]
        label = "+Inf" if bound == BUCKETS[-1] else f"{bound:g}"
        yield _sample("query_seconds_bucket", {"le": label}, total)
    yield _sample("query_seconds_sum", {}, journal.query_seconds)
    yield _sample("query_seconds_count", {}, total)
