"""Bad input: one clear message, a defined exit code, and what is served stays as it was."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from loader import release
from loader.cli.main import main
from loader.errors import ReleaseError

GOOD = """\
NO,名称,住所,緯度,経度
1,中央公民館,つなぐ市本町1-1,35.1,139.1
2,南公園,つなぐ市南町2,35.2,139.2
"""


@dataclass
class Desk:
    """A folder to publish, a home that already serves something, and the command line."""

    folder: Path
    home: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
        """Run a command; return its exit code, standard output and standard error."""
        self.capsys.readouterr()
        code = main([*map(str, arguments), "--lang", lang])
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        return code, " ".join(out.split()), " ".join(err.split())

    def publish(self, *options: str, lang: str = "en") -> tuple[int, str, str]:
        """Publish the folder."""
        return self.run("publish", self.folder, "--home", self.home, *options, lang=lang)

    def served(self) -> str | None:
        """The identifier of the release that is served."""
        current = release.current(self.home)
        return current.id if current else None


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "facility.csv").write_text(GOOD, encoding="utf-8")
    made = Desk(folder, tmp_path / "home", capsys)
    assert made.publish()[0] == 0
    assert made.served()
    return made


def package(folder: Path, **changes: object) -> Path:
    """Write a package ``p`` with a good CSV file; ``changes`` go into its descriptor."""
    target = folder / "p"
    target.mkdir()
    (target / "p.csv").write_text(GOOD, encoding="utf-8")
    descriptor = {
        "name": "p",
        "title": "見本",
        "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [{"name": "p", "path": "p.csv"}],
        **changes,
    }
    path = target / "datapackage.json"
    path.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return target


def lay_binary(folder: Path) -> None:
    (folder / "bad.csv").write_bytes(b"PK\x03\x04\x00\x00\x00" + bytes(range(256)) * 10)


def lay_html(folder: Path) -> None:
    (folder / "bad.csv").write_text("<!DOCTYPE html>\n<html><body>404</body></html>\n")


def lay_empty(folder: Path) -> None:
    (folder / "bad.csv").write_bytes(b"")


def lay_header_only(folder: Path) -> None:
    (folder / "bad.csv").write_text("NO,名称,住所\n", encoding="utf-8")


def lay_lost_characters(folder: Path) -> None:
    (folder / "bad.csv").write_text("NO,名称\n1,\ufffd\ufffd\ufffd公園\n", encoding="utf-8")


def lay_missing_file(folder: Path) -> None:
    package(folder, resources=[{"name": "p", "path": "absent.csv"}])


def lay_directory_as_file(folder: Path) -> None:
    (package(folder, resources=[{"name": "p", "path": "d.csv"}]) / "d.csv").mkdir()


def lay_unsafe_path(folder: Path) -> None:
    package(folder, resources=[{"name": "p", "path": "../facility.csv"}])


def lay_broken_descriptor(folder: Path) -> None:
    (package(folder) / "datapackage.json").write_text('{"name": "p",')


@pytest.mark.parametrize(
    ("lay", "code"),
    [
        (lay_binary, "table.binary"),
        (lay_html, "table.html-page"),
        (lay_empty, "source.empty-file"),
        (lay_header_only, "table.no-rows"),
        (lay_lost_characters, "table.lost-characters"),
        (lay_missing_file, "descriptor.file-missing"),
        (lay_directory_as_file, "source.unreadable"),
        (lay_unsafe_path, "descriptor.unsafe-path"),
        (lay_broken_descriptor, "descriptor.unreadable"),
    ],
)
def test_a_violation_holds_back_only_its_dataset(
    desk: Desk, lay: Callable[[Path], None], code: str
) -> None:
    lay(desk.folder)
    served = desk.served()
    exit_code, out, _ = desk.publish("--strict")
    assert (exit_code, desk.served()) == (2, served)
    assert code in out
    exit_code, out, _ = desk.publish()
    assert exit_code == 1
    assert code in out
    current = release.current(desk.home)
    assert current is not None and list(current.datasets) == ["facility"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_missing_folder(desk: Desk, lang: str) -> None:
    served = desk.served()
    code, _, err = desk.run("publish", "absent", "--home", desk.home, lang=lang)
    assert (code, desk.served()) == (2, served)
    assert "absent" in err


def test_an_empty_folder(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = desk.run("publish", tmp_path / "empty", "--home", desk.home)
    assert code == 2
    assert "empty" in err


def test_a_wrong_encoding_is_told_and_read_rightly(desk: Desk) -> None:
    target = package(desk.folder, resources=[{"name": "p", "path": "p.csv", "encoding": "euc-jp"}])
    (target / "p.csv").write_bytes(GOOD.encode("cp932"))
    code, out, _ = desk.publish()
    assert code == 0
    assert "table.encoding-mismatch" in out
    current = release.current(desk.home)
    assert current is not None and "中央公民館" in current.dump("p").read_text("utf-8")


def test_duplicate_column_names_lose_nothing(desk: Desk) -> None:
    (desk.folder / "twice.csv").write_text("NO,名称,備考,備考\n1,公園,左,右\n", encoding="utf-8")
    code, out, _ = desk.publish()
    assert code == 0
    assert "table.duplicate-header" in out
    current = release.current(desk.home)
    assert current is not None
    dump = current.dump("twice").read_text("utf-8")
    assert '"左"' in dump and '"右"' in dump


def test_a_typing_mistake_in_a_descriptor_names_the_nearest_key(desk: Desk) -> None:
    package(desk.folder, licences=[{"name": "CC-BY-4.0"}])
    code, out, _ = desk.publish()
    assert code == 0
    assert "descriptor.unknown-key" in out
    assert "licenses" in out


MAPPING = """\
prefixes:
  ex: http://example.org/
mappings:
  thing:
    sources: [[p.csv~csv]]
    s: ex:$(NO)
    po:
      - [ex:name, $(名前)]
"""


def test_a_mapping_with_a_column_that_is_not_there(desk: Desk) -> None:
    target = package(desk.folder, resources=[{"name": "p", "path": "p.csv", "mapping": "m.yaml"}])
    (target / "m.yaml").write_text(MAPPING, encoding="utf-8")
    served = desk.served()
    code, out, err = desk.publish()
    assert (code, desk.served()) in [(2, served), (1, served)]
    assert "名前" in out + err


def test_a_mapping_document_alone(desk: Desk) -> None:
    target = package(desk.folder)
    (target / "m.yaml").write_text(MAPPING.replace("$(名前)", "$(名称)"), encoding="utf-8")
    code, out, _ = desk.run("map", "--mapping", target / "m.yaml")
    assert code == 0
    assert '<http://example.org/1> <http://example.org/name> "中央公民館" .' in out
    (target / "p.csv").unlink()
    code, _, err = desk.run("map", "--mapping", target / "m.yaml")
    assert code == 2
    assert "p.csv" in err


def _mounted(path: Path) -> bool:
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(path)]
    return shutil.which("mount") is not None and subprocess.run(command).returncode == 0


def test_a_full_disk(desk: Desk, tmp_path: Path) -> None:
    if os.geteuid() != 0 or not _mounted(tmp_path / "small"):
        assert not os.environ.get("CI"), "CI runs as root and can mount"
        pytest.skip("needs root to mount a small file system")
    home = tmp_path / "small" / "home"
    try:
        assert desk.run("publish", desk.folder, "--home", home)[0] in (0, 2)
        before = release.current(home)
        rows = "".join(f"{number},公民館{number},本町{number},35,139\n" for number in range(20_000))
        (desk.folder / "large.csv").write_text("NO,名称,住所,緯度,経度\n" + rows)
        code, _, err = desk.run("publish", desk.folder, "--home", home)
        assert code == 2
        assert "disk is full" in err
        assert release.current(home) == before
        assert not (home / ".building").exists()
    finally:
        subprocess.run(["umount", str(tmp_path / "small")], check=True)


def _refuse_writing(folder: Path) -> Callable[[], None]:
    """Make a folder one that this user cannot write to; return what undoes it."""
    if os.geteuid() != 0:
        folder.chmod(0o555)
        return lambda: folder.chmod(0o755)
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
    return lambda: subprocess.run(["umount", str(folder)], check=True) and None


def test_a_home_without_permission(desk: Desk) -> None:
    served = desk.served()
    (desk.folder / "other.csv").write_text(GOOD, encoding="utf-8")
    allow_again = _refuse_writing(desk.home)
    try:
        code, _, err = desk.publish()
    finally:
        allow_again()
    assert (code, desk.served()) == (2, served)
    assert "Cannot write" in err or "Not permitted" in err
    assert str(desk.home) in err


def test_a_port_in_use(desk: Desk) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "loader.cli", "serve", "--home", str(desk.home)]
        result = subprocess.run(
            [*command, "--port", str(port), "--lang", "en"],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert result.returncode == 2
    assert f"Port {port} is in use" in result.stderr
    assert "Traceback" not in result.stderr


def test_serving_a_home_without_a_release(desk: Desk, tmp_path: Path) -> None:
    code, _, err = desk.run("serve", "--home", tmp_path / "nowhere")
    assert code == 2
    assert "tsunagu publish" in err


@pytest.mark.parametrize("delay", [0.2, 0.8, 1.3, 1.8])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_at_any_moment(desk: Desk, delay: float, number: signal.Signals) -> None:
    rows = "".join(f"{i},公民館{i},本町{i},35.{i % 10},139.1\n" for i in range(8_000))
    (desk.folder / "large.csv").write_text("NO,名称,住所,緯度,経度\n" + rows, encoding="utf-8")
    served = desk.served()
    command = [sys.executable, "-m", "loader.cli", "publish", str(desk.folder)]
    process = subprocess.Popen(
        [*command, "--home", str(desk.home), "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(delay)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    if process.returncode == 130:
        assert "nterrupted" in err
        assert desk.served() == served
    else:
        # Before Python had set the handler the signal ends it; after the switch all is done.
        assert process.returncode in (0, -number, 1)
    assert desk.publish()[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [["publish"], ["publish", "x", "--strict", "--allow", "violation"], ["nonsense"], ["map"]],
)
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_usage(desk: Desk, arguments: list[str], lang: str) -> None:
    code, _, err = desk.run(*arguments, lang=lang)
    assert code == 64
    assert err


def test_allow_violation_publishes_with_the_report(desk: Desk) -> None:
    (desk.folder / "bad.csv").write_text("NO,名称\n1,\ufffd公園\n", encoding="utf-8")
    code, out, _ = desk.publish("--allow", "violation")
    assert code == 1
    assert "table.lost-characters" in out
    current = release.current(desk.home)
    assert current is not None
    assert current.datasets["bad"]["findings"]["violation"] == 1
    assert current.report("bad")["findings"][0]["code"] == "table.lost-characters"


def test_a_dataset_that_turns_bad_keeps_its_last_version(desk: Desk) -> None:
    (desk.folder / "other.csv").write_text(GOOD, encoding="utf-8")
    (desk.folder / "facility.csv").write_text("<html>error</html>")
    code, out, _ = desk.publish()
    assert code == 1
    assert "last version stays" in out
    current = release.current(desk.home)
    assert current is not None and set(current.datasets) == {"facility", "other"}
    assert "中央公民館" in current.dump("facility").read_text("utf-8")


def test_nothing_publishable(desk: Desk) -> None:
    (desk.folder / "facility.csv").write_text("<html>error</html>")
    served = desk.served()
    code, _, err = desk.publish()
    assert (code, desk.served()) == (2, served)
    assert "No dataset could be published" in err


def test_a_changed_base_iri_is_refused_for_a_part(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "b.csv").write_text(GOOD, encoding="utf-8")
    served = desk.served()
    arguments = ["publish", tmp_path / "b", "--home", desk.home, "--base-iri"]
    code, _, err = desk.run(*arguments, "https://other.example/")
    assert (code, desk.served()) == (2, served)
    assert "https://other.example/" in err


def test_all_datasets_may_go_out_under_a_new_base_iri(desk: Desk) -> None:
    assert desk.publish("--base-iri", "https://other.example/")[0] == 0
    current = release.current(desk.home)
    assert current is not None and current.base_iri == "https://other.example/"
    assert "http://localhost:8000/" not in current.dump("facility").read_text("utf-8")


def test_a_package_of_documents_is_published_with_its_metadata(desk: Desk) -> None:
    target = package(
        desk.folder,
        resources=[{"name": "p", "path": "p.pdf", "mediatype": "application/pdf"}],
    )
    (target / "p.pdf").write_bytes(b"%PDF-1.7")
    assert desk.publish()[0] == 0
    current = release.current(desk.home)
    assert current is not None and current.datasets["p"]["files"]["p.pdf"]["bytes"] == 8


def test_a_second_publish_waits_its_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Path) -> None:
        raise ReleaseError("release.busy", path=desk.home)

    monkeypatch.setattr("loader.pipeline.exclusive", busy)
    code, _, err = desk.publish()
    assert code == 2
    assert "Another publish" in err


def test_a_defect_is_told_in_one_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division")

    monkeypatch.setattr("loader.pipeline.discover", fail)
    code, _, err = desk.publish()
    assert code == 70
    assert "ZeroDivisionError" in err
