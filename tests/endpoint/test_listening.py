"""The parts of the running server, each by itself: its socket, its signals, its limits."""

import os
import pickle
import signal
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from endpoint.http.gateway import Gateway
from endpoint.listening import Shared, _holder, listen
from endpoint.serve import Reloading
from endpoint.settings import Settings
from endpoint.state import EXTENSION
from endpoint.wsgi import ACCESS_LOG, HOME, WORKERS, gateway
from loader.errors import ConfigurationError


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (WORKERS, ACCESS_LOG, "TSUNAGU_SERVE_BASE_IRI"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv(HOME, str(tmp_path))
    return tmp_path


@pytest.fixture
def server(environment: Path) -> tuple[Reloading, list[ConfigurationError]]:
    told: list[ConfigurationError] = []
    with listen("127.0.0.1", 0) as listener:
        return Reloading(listener, Settings(stop_seconds=0.2), told.append), told


def test_connections_wait_before_anybody_takes_them() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        taken.close()


def test_a_socket_becomes_what_granian_takes() -> None:
    with listen("127.0.0.1", 0) as listener:
        made, (sent,) = Shared(listener).__reduce__()
        assert (made, sent) == (_holder, listener)
        with pytest.raises(TypeError):
            pickle.dumps(Shared(listener))  # only to a process of ours
        copy = socket.socket(fileno=os.dup(listener.fileno()))
        holder = _holder(copy)
        assert holder.get_fd() > 2
        assert not holder.is_uds()
        os.close(holder.get_fd())


def test_limits_are_whole_seconds_and_never_none(
    server: tuple[Reloading, list[ConfigurationError]],
) -> None:
    found, _ = server
    assert found.workers_kill_timeout == 1
    assert found.http1_settings is not None
    assert found.http1_settings.header_read_timeout == Settings().body_seconds * 1000
    found._init_shared_socket()
    assert isinstance(found._shd, Shared)


def test_a_reload_takes_the_limits_of_the_new_configuration(
    environment: Path, server: tuple[Reloading, list[ConfigurationError]]
) -> None:
    found, told = server
    configuration = environment / "tsunagu.toml"
    configuration.write_text("[serve]\nstop_seconds = -1\n", encoding="utf-8")
    found.signal_handler_reload()
    assert [error.code for error in told] == ["serve.wrong-value"]
    assert not found.reload_signal
    configuration.write_text("[serve]\nstop_seconds = 40.5\n", encoding="utf-8")
    found.signal_handler_reload()
    assert (found.reload_signal, found.workers_kill_timeout) == (True, 41)


def test_the_old_process_is_asked_for_new_connections(
    server: tuple[Reloading, list[ConfigurationError]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: asked.append((pid, number)))
    worker: Any = SimpleNamespace(inner=SimpleNamespace(pid=12345))
    found, _ = server
    found.wrks.append(worker)
    for hook in found.hooks_reload:
        hook()
    assert asked == [(12345, signal.SIGUSR1)]


def test_a_parting_process_closes_its_connections(app: Flask) -> None:
    found = Gateway(app, app.extensions[EXTENSION])
    handlers: dict[int, Any] = {}
    loop: Any = SimpleNamespace(add_signal_handler=handlers.__setitem__)
    found.__rsgi_init__(loop)
    assert found._parting == []
    handlers[signal.SIGUSR1]()
    assert found._parting == [("Connection", "close")]


def test_the_web_process_outlives_its_terminal(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heeded: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", heeded.__setitem__)
    monkeypatch.setattr("endpoint.wsgi.atexit.register", lambda _: None)
    assert isinstance(gateway(), Gateway)
    assert heeded == {signal.SIGHUP: signal.SIG_IGN}
