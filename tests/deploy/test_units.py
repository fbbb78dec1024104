"""The files of deploy/ that systemd and logrotate read, as far as they can be tried here."""

import configparser
import gzip
import re
import subprocess
from pathlib import Path

import pytest

from endpoint.settings import Settings
from loader.cli.main import main
from loader.errors import ConfigurationError
from tests.clients.conftest import program
from tests.deploy.conftest import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = ("tsunagu.service", "tsunagu-publish.service")
UNITS = (*SERVICES, "tsunagu-publish.timer")
PROGRAM = "/opt/tsunagu/current/.venv/bin/tsunagu"
MOST_EXPOSED = 2.0
"""Of 10, as systemd-analyze counts; below 2.5 it says OK."""


def unit(name: str) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None, strict=False)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read(DEPLOY / name, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with a program that exists here."""
    folder = tmp_path_factory.mktemp("units")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def analyze(*words: object) -> str:
    command = [program("systemd-analyze", "systemd"), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_systemd_takes_the_units(units: Path) -> None:
    """Unknown or misspelt directives are told in the output, with exit code 0."""
    assert analyze("verify", "--man=no", *(units / name for name in UNITS)).strip() == ""


@pytest.mark.parametrize("name", SERVICES)
def test_the_services_are_confined(units: Path, name: str) -> None:
    told = analyze("security", "--offline=true", "--no-pager", units / name)
    level = re.search(r"Overall exposure level for \S+: (?P<level>[0-9.]+)", told)
    assert level is not None and float(level["level"]) <= MOST_EXPOSED, told


def test_the_night_is_when_the_timer_says() -> None:
    calendar = unit("tsunagu-publish.timer")["Timer"]["OnCalendar"]
    told = analyze("calendar", "--base-time=2026-11-21 00:00:00 UTC", calendar)
    assert re.search(r"Next elapse: Sun 2026-11-22 02:30:00|17:30:00 UTC", told), told


@pytest.mark.parametrize("name", SERVICES)
def test_the_commands_of_the_units_are_understood(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = unit(name)["Service"]["ExecStart"].split()
    assert words[0] == PROGRAM
    with pytest.raises(SystemExit) as ended:
        main([*words[1:], "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in words if word.startswith("--"))


def test_the_end_may_take_as_long_as_the_server_needs() -> None:
    service = unit("tsunagu.service")["Service"]
    assert float(service["TimeoutStopSec"]) > Settings().stop_seconds
    assert service["KillMode"] == "mixed"
    assert service["OOMPolicy"] == "continue"
    assert service["RestartPreventExitStatus"] == str(ConfigurationError.exit_code)


def test_what_the_server_writes_may_be_written() -> None:
    for name in SERVICES:
        service = unit(name)["Service"]
        assert (
            service["Environment"].split()[0]
            == f"TSUNAGU_HOME=/var/lib/{service['StateDirectory']}"
        )
    assert unit("tsunagu.service")["Service"]["LogsDirectory"] == "tsunagu"
    assert "/var/log/tsunagu/" in (DEPLOY / "logrotate.conf").read_text(encoding="utf-8")


def test_logs_are_turned_over(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    log = folder / "access.jsonl"
    text = (DEPLOY / "logrotate.conf").read_text(encoding="utf-8")
    text = text.replace("/var/log/tsunagu", str(folder))
    owner = f"{folder.owner()} {folder.group()}"
    text = text.replace("su tsunagu tsunagu", f"su {owner}")
    configuration = tmp_path / "logrotate.conf"
    configuration.write_text(text, encoding="utf-8")
    configuration.chmod(0o644)
    command = [program("logrotate", "logrotate"), "-s", str(tmp_path / "state")]
    checked = subprocess.run(
        [*command, "-d", str(configuration)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, "error" in checked.stderr) == (0, False), checked.stderr
    for number in (1, 2):
        log.write_text(f'{{"number": {number}}}\n', encoding="utf-8")
        subprocess.run([*command, "-f", str(configuration)], check=True)
        for fresh in folder.glob("access.jsonl-2*"):  # as if it had been another day
            fresh.rename(folder / f"access.jsonl-1999010{number}-0915000000")
    assert sorted(path.name for path in folder.iterdir()) == [
        "access.jsonl-19990101-0915000000.gz",
        "access.jsonl-19990102-0915000000",
    ]
    packed = (folder / "access.jsonl-19990101-0915000000.gz").read_bytes()
    assert gzip.decompress(packed) == b'{"number": 1}\n'
