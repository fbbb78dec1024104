"""The ledger is read back as it was written; one that cannot be relied on is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.errors import ConfigurationError
from loader.identity import ledger as ledger_module
from loader.identity.ledger import COLUMNS, Entry, LedgerError, read_ledger, write_ledger
from loader.identity.minting import local_part, minter, same_as
from loader.model import Identifiers, Package

HEADER = ",".join(COLUMNS)
ROW = "id-1,aed/1,名称,,,,,2026-01-01,2026-01-01,active,"

cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"))


@given(st.lists(st.builds(Entry, cells.filter(bool), cells.filter(bool), cells, cells), max_size=5))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, found: list[Entry]
) -> None:
    entries = list({entry.identifier: entry for entry in found}.values())
    entries = list({entry.key: entry for entry in entries}.values())
    path = tmp_path_factory.mktemp("ledger") / "a.identifiers.csv"
    write_ledger(path, entries)
    read = read_ledger(path)
    assert read == sorted(entries, key=lambda entry: (entry.key, entry.identifier))
    first = path.read_bytes()
    write_ledger(path, reversed(read))
    assert path.read_bytes() == first
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("identifier,key\nid-1,aed/1\n", 2),
        (f"{HEADER}\n{ROW},more\n", 2),
        (f"{HEADER}\nid-1,aed/1\n", 2),
        (f"{HEADER}\n{ROW.replace('active', 'away')}\n", 2),
        (f"{HEADER}\n{ROW.replace('id-1', '')}\n", 2),
        (f"{HEADER}\n{ROW}\n{ROW.replace('aed/1', 'aed/2')}\n", 3),
        (f"{HEADER}\n{ROW}\n{ROW.replace('id-1', 'id-2')}\n", 3),
    ],
)
def test_a_ledger_that_cannot_be_relied_on(tmp_path: Path, text: str, row: int) -> None:
    path = tmp_path / "a.identifiers.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError) as raised:
        read_ledger(path)
    assert raised.value.row == row


def test_a_ledger_that_is_no_text_or_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.identifiers.csv"
    path.write_bytes(b"identifier\xff\n")
    with pytest.raises(LedgerError):
        read_ledger(path)
    monkeypatch.setattr(ledger_module, "LARGEST", 3)
    with pytest.raises(LedgerError, match="> 3 bytes"):
        read_ledger(path)


def package(publisher: str | None) -> Package:
    return Package("aed", Path(), (), publisher_id=publisher, scope="つなぐ")


def stated(scheme: str, block: tuple[str, str] | None = None) -> Identifiers:
    return Identifiers(scheme, Path("aed.identifiers.csv"), block)


@pytest.mark.parametrize(
    ("publisher", "scheme", "key", "identifier", "local", "iri"),
    [
        (
            "992011",
            "uuid",
            "aed/992011-1",
            "6529c0fc-bdf3-51c0-a91d-18824f7012ea",
            "6529c0fc-bdf3-51c0-a91d-18824f7012ea",
            "urn:uuid:6529c0fc-bdf3-51c0-a91d-18824f7012ea",
        ),
        (
            "992011",
            "path",
            "aed/992011-1",
            "992011/aed-1/20260203",
            "992011-aed-1-20260203",
            None,
        ),
        (
            "http://hojin-info.go.jp/data/basic/7000012050002",
            "path",
            "aed/x%2F1",
            "7000012050002/aed-x_1/20260203",
            "7000012050002-aed-x_1-20260203",
            None,
        ),
        (None, "path", "aed/つなぐ-1", "つなぐ/aed-1/20260203", "つなぐ-aed-1-20260203", None),
    ],
)
def test_minting(
    publisher: str | None, scheme: str, key: str, identifier: str, local: str, iri: str | None
) -> None:
    mint = minter(package(publisher), stated(scheme), [], "2026-02-03")
    assert mint(key) == identifier
    assert local_part(stated(scheme), identifier) == local
    assert same_as(stated(scheme), identifier) == iri
    assert mint(key) != identifier


def test_ucodes_of_a_block_are_given_once() -> None:
    block = ("0" * 30 + "10", "0" * 30 + "12")
    mint = minter(package(None), stated("ucode", block), ["0" * 30 + "10", "F" * 32], "2026-01-01")
    given_ = [mint("aed/1"), mint("aed/1")]
    assert given_ == ["0" * 30 + "11", "0" * 30 + "12"]
    assert same_as(stated("ucode", block), given_[0]) == "urn:ucode:_" + given_[0]
    with pytest.raises(ConfigurationError) as raised:
        mint("aed/2")
    assert raised.value.code == "identifiers.block-full"


def test_ucodes_need_a_block() -> None:
    with pytest.raises(ConfigurationError) as raised:
        minter(package(None), stated("ucode"), [], "2026-01-01")
    assert raised.value.code == "identifiers.block-missing"


def test_a_ledger_of_an_earlier_version_has_no_replacements(tmp_path: Path) -> None:
    path = tmp_path / "a.identifiers.csv"
    path.write_text(HEADER.removesuffix(",replaced_by") + "\n" + ROW[:-1] + "\n", encoding="utf-8")
    assert [entry.replaced_by for entry in read_ledger(path)] == [""]
