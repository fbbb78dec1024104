"""Federated queries (SPARQL 1.1 Federated Query) to the endpoints that the operator allows.

Query workers have no network, so ``SERVICE <endpoint> { … }`` is evaluated in front of them: a
process of its own (federation_process.py) asks the endpoint for all solutions of the group, and
they take its place in the query, as ``VALUES``; the specification evaluates such a group by itself,
too (18.5 of the query language: bottom up).
"""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from endpoint.errors import BadGateway, BadRequest, EndpointError, Forbidden, TimedOut
from endpoint.evaluation.places import Places
from endpoint.evaluation.running import Asking
from endpoint.settings import Settings
from endpoint.sparql.guard import TOKEN, inspect

_ROOT = Path(__file__).parents[2]
_FORMS = frozenset(("select", "ask", "construct", "describe"))
_ONE_SOLUTION = "VALUES () { () }"
"""What stands for an endpoint that does not answer, where it is SILENT (2.2)."""

Token = re.Match[str]


@dataclass(frozen=True, slots=True)
class Call:
    """A SERVICE of a query: its place, its endpoint and its group, braces included."""

    start: int
    end: int
    endpoint: str
    silent: bool
    group: str


@dataclass
class Federation:
    """Asks other endpoints for queries. Safe to use from many threads."""

    settings: Settings

    def __post_init__(self) -> None:
        self._places = Places(self.settings.service_fetches, self.settings.queue)

    def resolve(self, query: str, base: str, asking: Asking) -> str:
        """Return the query with the solutions of its SERVICE clauses in their place.

        Raises Forbidden for an endpoint that is not allowed, BadRequest for a clause that cannot
        be done, BadGateway and TimedOut for an endpoint that gives no answer.
        """
        found = calls(query)
        for call in found:
            if call.endpoint not in self.settings.service_endpoints:
                allowed = " ".join(self.settings.service_endpoints)
                raise Forbidden("service.not-allowed", iri=call.endpoint, allowed=allowed)
        head = f"BASE <{base}>\n{_prologue(query)}\n"
        until = time.monotonic() + min(asking.seconds, self.settings.service_seconds)
        for call in reversed(found):
            values = self._values(call, head, asking, until)
            query = f"{query[: call.start]}{values}{query[call.end :]}"
        if inspect(query).federated:
            raise BadRequest("service.form")
        return query

    def _values(self, call: Call, head: str, asking: Asking, until: float) -> str:
        self._places.enter(asking.client, until - time.monotonic())
        try:
            return self._fetch(call, head, until)
        except (BadGateway, TimedOut):
            if not call.silent:
                raise
            return _ONE_SOLUTION
        finally:
            self._places.leave(asking.client)

    def _fetch(self, call: Call, head: str, until: float) -> str:
        seconds = max(0.0, until - time.monotonic())
        asked = {
            "url": call.endpoint,
            "query": f"{head}SELECT * WHERE {call.group}",
            "seconds": seconds,
            "bytes": self.settings.service_bytes,
            "private": self.settings.service_private,
        }
        try:
            told = _run(asked, seconds)
        except subprocess.TimeoutExpired:
            limit = self.settings.service_seconds
            raise TimedOut("service.timeout", iri=call.endpoint, seconds=limit) from None
        if "values" not in told:
            raise _failed(call, told.get("reason", "?"))
        return str(told["values"])


def _failed(call: Call, reason: str) -> EndpointError:
    return BadGateway("service.failed", iri=call.endpoint, reason=reason)


def _run(asked: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Ask in a process that is killed when the time is over, whatever it does."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "endpoint.sparql.federation_process"],
        input=json.dumps(asked).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        timeout=seconds,
        check=False,
    )
    told: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    return told


def calls(query: str) -> list[Call]:
    """The SERVICE clauses of a query; raises BadRequest for one of another form than ours."""
    tokens = [token for token in TOKEN.finditer(query) if not token["comment"]]
    found: list[Call] = []
    for place, token in enumerate(tokens):
        inside = bool(found) and token.start() < found[-1].end
        if (token["word"] or "").lower() == "service" and not inside:
            found.append(_call(query, tokens, place))
    return found


def _call(query: str, tokens: list[Token], place: int) -> Call:
    after = tokens[place + 1 :]
    silent = bool(after) and (after[0]["word"] or "").lower() == "silent"
    after = after[silent:]
    if len(after) < 2 or not after[0]["iri"] or after[1]["open"] != "{":
        raise BadRequest("service.form")
    end = _end_of_group(after[1:])
    group = query[after[1].start() : end]
    if inspect(group).federated:
        raise BadRequest("service.form")
    return Call(tokens[place].start(), end, after[0]["iri"][1:-1], silent, group)


def _end_of_group(tokens: list[Token]) -> int:
    depth = 0
    for token in tokens:
        depth += bool(token["open"]) - bool(token["close"])
        if depth == 0:
            return token.end()
    raise BadRequest("service.form")


def _prologue(query: str) -> str:
    """What stands before the form of the query: its own BASE and PREFIX declarations."""
    words = (token for token in TOKEN.finditer(query) if token["word"])
    form = next((word for word in words if word[0].lower() in _FORMS), None)
    return query[: form.start()] if form else ""
