"""Who asks, what each may cost, and what the configuration says of it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from endpoint import __main__ as command
from endpoint.app import create_app
from endpoint.clients import client_of
from endpoint.configuration import read_settings
from endpoint.errors import TooManyRequests, Unauthorized
from endpoint.evaluation.places import Budgets, Client, Places
from endpoint.http.addresses import truncated
from endpoint.settings import Key, Settings
from endpoint.state import EXTENSION
from loader.errors import ConfigurationError

SECRET = "0f1e2d3c"
HASH = hashlib.sha256(SECRET.encode()).hexdigest()
KEYS = (
    Key("office", HASH, query_seconds=60.0, queries=5, seconds_per_minute=600.0),
    Key("operator", "0" * 64, operator=True),
)
SETTINGS = Settings(trusted_proxies=("127.0.0.1", "10.0.0.0/8", "::1"), keys=KEYS)


@pytest.fixture(scope="module")
def keyed(home: Path) -> Iterator[Flask]:
    app = create_app(home, settings=SETTINGS)
    yield app
    app.extensions[EXTENSION].workers.close()


ADDRESSES = [
    ("192.0.2.1", None, "192.0.2.1"),
    ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
    ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
    ("127.0.0.1", "203.0.113.5, 198.51.100.7", "198.51.100.7"),
    ("127.0.0.1", "203.0.113.5, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
    ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
    ("127.0.0.1", "<script>", "127.0.0.1"),
    ("127.0.0.1", "198.51.100.7, nonsense", "127.0.0.1"),
    ("::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("::ffff:192.0.2.9", None, "192.0.2.9"),
    ("", "198.51.100.7", ""),
]


def _asking() -> Client:
    return client_of(request, SETTINGS)


@pytest.mark.parametrize(("peer", "told", "name"), ADDRESSES)
def test_the_client_is_an_address(keyed: Flask, peer: str, told: str | None, name: str) -> None:
    headers = {"X-Forwarded-For": told} if told else {}
    with keyed.test_request_context(environ_base={"REMOTE_ADDR": peer}, headers=headers):
        client = _asking()
    assert (client.name, client.seconds, client.operator) == (name, 10.0, False)


def test_a_key_has_ceilings_of_its_own(keyed: Flask) -> None:
    with keyed.test_request_context(headers={"Authorization": f"bearer {SECRET}"}):
        client = _asking()
    assert client == Client("key:office", 60.0, 5, 8, 600.0)
    with (
        keyed.test_request_context(headers={"Authorization": "Bearer 0f1e"}),
        pytest.raises(Unauthorized),
    ):
        _asking()
    with keyed.test_request_context(headers={"Authorization": "Basic YTpi"}):
        assert _asking().name == ""


def test_a_key_that_is_not_known_is_told(keyed: Flask) -> None:
    headers = {"Authorization": "Bearer nobody"}
    answer = keyed.test_client().get("/sparql?query=ASK%7B%7D", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_seconds_are_used_up_and_come_back() -> None:
    clock = [1000.0]
    budgets = Budgets(lambda: clock[0])
    client = Client("a", 10.0, 2, 4, 60.0)
    budgets.require(client)
    budgets.charge(client, 75.0)
    with pytest.raises(TooManyRequests) as told:
        budgets.require(client)
    assert told.value.retry_after == 16
    budgets.require(Client("b", 10.0, 2, 4, 60.0))
    clock[0] += 16
    budgets.require(client)


def test_those_that_owe_nothing_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endpoint.evaluation.places._MOST_CLIENTS", 3)
    clock = [0.0]
    budgets = Budgets(lambda: clock[0])
    for name in "abcd":
        budgets.charge(Client(name, 10.0, 2, 4, 60.0), 1.0)
        clock[0] += 40
    assert set(budgets._owed) == {"c", "d"}


def test_one_client_cannot_take_all_places() -> None:
    places = Places(3, 4)
    greedy, other = Client("a", 10.0, 2, 0, 60.0), Client("b", 10.0, 2, 0, 60.0)
    places.enter(greedy, 0)
    places.enter(greedy, 0)
    with pytest.raises(TooManyRequests):
        places.enter(greedy, 0)
    places.enter(other, 0)
    assert (places.at_work, places.in_line) == (3, 0)
    for client in (greedy, greedy, other):
        places.leave(client)
    assert places.at_work == 0


def test_a_client_over_its_seconds_is_refused(home: Path) -> None:
    app = create_app(home, settings=Settings(client_seconds=0.0001))
    try:
        client = app.test_client()
        address = "/sparql?query=ASK%20%7B%7D&format=csv&lang=en"
        assert client.get(address).status_code == 200
        refused = client.get(address)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 1
        assert "used up" in refused.text
    finally:
        app.extensions[EXTENSION].workers.close()


CONFIGURATION = f"""
base_iri = "https://data.example.jp/"
[serve]
query_seconds = 20
queue = 5
trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]
[[serve.keys]]
name = "office"
sha256 = "{HASH}"
seconds_per_minute = 600
operator = true
"""


def test_the_configuration_is_read(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()
    (tmp_path / "tsunagu.toml").write_text(CONFIGURATION)
    assert read_settings(tmp_path) == Settings(
        query_seconds=20.0,
        queue=5,
        trusted_proxies=("127.0.0.1", "10.0.0.0/8"),
        keys=(Key("office", HASH, seconds_per_minute=600.0, operator=True),),
    )


MISTAKES = {
    "serve = 1": "serve.wrong-value",
    "serve = {": "serve.unreadable",
    "[serve]\nquery_second = 1": "serve.unknown-key",
    "[serve]\nquery_seconds = '1'": "serve.wrong-value",
    "[serve]\nquery_seconds = -1": "serve.wrong-value",
    "[serve]\nqueue = 1.5": "serve.wrong-value",
    "[serve]\nqueue = true": "serve.wrong-value",
    "[serve]\ntrusted_proxies = '127.0.0.1'": "serve.wrong-value",
    "[serve]\ntrusted_proxies = ['a proxy']": "serve.wrong-value",
    "[serve]\nkeys = [1]": "serve.wrong-value",
    "[[serve.keys]]\nname = 'a'": "serve.wrong-value",
    "[[serve.keys]]\nname = 'a'\nsha256 = 'secret'": "serve.wrong-value",
    f"[[serve.keys]]\nname = 1\nsha256 = '{HASH}'": "serve.wrong-value",
    f"[[serve.keys]]\nname = 'a'\nsha256 = '{HASH}'\noperators = true": "serve.unknown-key",
}


@pytest.mark.parametrize(("text", "code"), MISTAKES.items())
def test_mistakes_of_the_configuration_are_told(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "tsunagu.toml").write_text(text)
    with pytest.raises(ConfigurationError) as told:
        read_settings(tmp_path)
    assert told.value.code == code
    assert command.main(["--home", str(tmp_path), "--lang", "en"]) == 2


def test_addresses_are_truncated_for_the_log() -> None:
    assert truncated("192.0.2.77") == "192.0.2.0/24"
    assert truncated("2001:db8:1:2::/64") == "2001:db8:1::/48"
    assert truncated("key:office") == "key:office"
