"""The journal as Prometheus reads it (https://prometheus.io/docs/instrumenting/)."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from endpoint.journal import BUCKETS, Journal
from endpoint.state import Site

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

Samples = Iterable[tuple[Mapping[str, object], float]]


def exposition(site: Site) -> bytes:
    """Return all metrics in the text exposition format, version 0.0.4."""
    registry = CollectorRegistry()
    registry.register(_Collector(site))
    return generate_latest(registry)


class _Collector(Collector):
    """Gives what was counted when it is asked."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def describe(self) -> Iterable[Metric]:
        """Nothing is registered for longer than one answer."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Give the metrics, families that never were counted included."""
        journal, workers, cache = self._site.journal, self._site.workers, self._site.cache
        served = self._site.releases.current()
        lanes = {"queries": workers.queries, "pinned": workers.pinned, "pages": workers.pages}
        requests: Samples = (
            ({"method": method, "status": status}, count)
            for (method, status), count in sorted(journal.requests.items())
        )
        outcomes: Samples = (({"outcome": k}, n) for k, n in sorted(journal.outcomes.items()))
        writes: Samples = (
            ({"kind": kind, "outcome": outcome}, count)
            for (kind, outcome), count in sorted(journal.writes.items())
        )
        running: Samples = (({"lane": k}, lane.places.at_work) for k, lane in lanes.items())
        waiting: Samples = (({"lane": k}, lane.places.in_line) for k, lane in lanes.items())
        yield _counter("requests", "HTTP requests.", requests)
        yield _counter("sent_bytes", "Bytes of answers.", [({}, journal.sent_bytes)])
        yield _counter("broken", "Answers broken off.", [({}, journal.broken)])
        yield _counter("queries", "Queries by outcome.", outcomes)
        yield _histogram(journal)
        yield _counter("writes", "Requests to write by kind and outcome.", writes)
        yield _gauge("queries_running", "Queries that run now.", running)
        yield _gauge("queries_waiting", "Queries that wait now.", waiting)
        yield _counter("cache_hits", "Answers from memory.", [({}, cache.hits)])
        yield _counter("cache_misses", "Answers not in memory.", [({}, cache.misses)])
        yield _gauge("cache_bytes", "Answers in memory.", [({}, cache.size)])
        release = served.id if served else ""
        yield _gauge("release_info", "The release served.", [({"id": release}, 1)])


def _counter(name: str, text: str, samples: Samples) -> Metric:
    return _with(CounterMetricFamily(f"tsunagu_{name}", text), f"tsunagu_{name}_total", samples)


def _gauge(name: str, text: str, samples: Samples) -> Metric:
    return _with(GaugeMetricFamily(f"tsunagu_{name}", text), f"tsunagu_{name}", samples)


def _with(family: Metric, name: str, samples: Samples) -> Metric:
    for labels, value in samples:
        family.add_sample(name, {key: str(text) for key, text in labels.items()}, value)
    return family


def _histogram(journal: Journal) -> Metric:
    total, buckets = 0, []
    for bound in BUCKETS:
        total += journal.buckets[bound]
        buckets.append(("+Inf" if bound == BUCKETS[-1] else str(bound), total))
    family = HistogramMetricFamily("tsunagu_query_seconds", "How long queries ran.")
    family.add_metric([], buckets, journal.query_seconds)
    return family
