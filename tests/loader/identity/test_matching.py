"""Things are known again by key or by their cells; what is not certain is not."""

import pytest

from loader.identity.ledger import Entry
from loader.identity.matching import Matches, Seen, match

LIBRARY = {
    "name": "つなぐ図書館",
    "address": "東京都千代田区紀尾井町1-3",
    "latitude": "35.68",
    "longitude": "139.73",
    "telephone": "(099)000-0002",
}
HALL = {
    "name": "つなぐ公民館",
    "address": "東京都千代田区紀尾井町4-5",
    "latitude": "35.69",
    "longitude": "139.74",
    "telephone": "(099)000-0003",
}
GYM = {
    "name": "つなぐ体育館",
    "address": "東京都千代田区紀尾井町6-7",
    "latitude": "35.70",
    "longitude": "139.75",
    "telephone": "(099)000-0004",
}


def entry(key: str, cells: dict[str, str], state: str = "active") -> Entry:
    identifier = f"id-{cells.get('name')}-{key}"
    return Entry(identifier, key, first_seen="2026-01-01", state=state, **cells)


def seen(key: str, cells: dict[str, str], **other: str) -> Seen:
    return Seen(key, 2, **{**cells, **other})


def told(matches: Matches) -> tuple[dict[int, str], list[int], list[int], list[int]]:
    found = {index: entry.name for index, entry in matches.entries.items()}
    return found, matches.recognised, matches.doubtful, matches.ambiguous


LEDGER = [entry("aed/1", LIBRARY), entry("aed/2", HALL)]

CASES = {
    "the same rows, in another order": (
        [seen("aed/2", HALL), seen("aed/1", LIBRARY)],
        LEDGER,
        ({0: "つなぐ公民館", 1: "つなぐ図書館"}, [], [], []),
    ),
    "a row that is renamed keeps its number": (
        [seen("aed/1", LIBRARY, name="中央図書館", telephone="")],
        LEDGER,
        ({0: "つなぐ図書館"}, [], [], []),
    ),
    "cells are compared, not their spelling": (
        [
            seen(
                "aed/9",
                LIBRARY,
                name="つなぐ 図書館",
                address="千代田区紀尾井町１丁目３",
                telephone="０９９－０００－０００２",
            )
        ],
        LEDGER,
        ({0: "つなぐ図書館"}, [0], [], []),
    ),
    "numbers that are swapped follow the things": (
        [seen("aed/1", HALL), seen("aed/2", LIBRARY)],
        LEDGER,
        ({0: "つなぐ公民館", 1: "つなぐ図書館"}, [0, 1], [], []),
    ),
    "all numbers move by one": (
        [seen("aed/1", GYM), seen("aed/2", LIBRARY), seen("aed/3", HALL)],
        LEDGER,
        ({1: "つなぐ図書館", 2: "つなぐ公民館"}, [1, 2], [], []),
    ),
    "a name in the key that changes": (
        [seen("aed/s-中央図書館", LIBRARY, name="中央図書館")],
        [entry("aed/s-つなぐ図書館", LIBRARY)],
        ({0: "つなぐ図書館"}, [0], [], []),
    ),
    "a number that is used for something else": (
        [seen("aed/1", GYM)],
        LEDGER,
        ({0: "つなぐ図書館"}, [], [0], []),
    ),
    "another thing in the same building is new": (
        [seen("aed/3", LIBRARY, name="カフェ", telephone="")],
        [LEDGER[0]],
        ({}, [], [], []),
    ),
    "another kind of thing is new": (
        [seen("toilet/9", LIBRARY)],
        LEDGER,
        ({}, [], [], []),
    ),
    "one of two that are alike": (
        [seen("aed/9", LIBRARY)],
        [LEDGER[0], entry("aed/3", LIBRARY)],
        ({}, [], [], [0]),
    ),
    "two that are like one": (
        [seen("aed/8", LIBRARY), seen("aed/9", LIBRARY)],
        [LEDGER[0]],
        ({}, [], [], [0, 1]),
    ),
    "what was gone comes back under its key": (
        [seen("aed/1", LIBRARY)],
        [entry("aed/1", LIBRARY, "deleted")],
        ({0: "つなぐ図書館"}, [], [], []),
    ),
    "what was gone comes back under another key": (
        [seen("aed/7", LIBRARY)],
        [entry("aed/1", LIBRARY, "deleted"), LEDGER[1]],
        ({0: "つなぐ図書館"}, [0], [], []),
    ),
    "a key that was passed on belongs to who has it now": (
        [seen("aed/1", HALL)],
        [entry("aed/1", LIBRARY, "deleted"), entry("aed/1", HALL)],
        ({0: "つなぐ公民館"}, [], [], []),
    ),
    "positions that are no numbers do not count": (
        [seen("aed/9", LIBRARY, name="別館", address="", latitude="不明", telephone="")],
        LEDGER,
        ({}, [], [], []),
    ),
    "a table with keys only": (
        [Seen("aed/1", 2), Seen("aed/5", 3)],
        [Entry("id-1", "aed/1"), Entry("id-2", "aed/2")],
        ({0: ""}, [], [], []),
    ),
}


@pytest.mark.parametrize(("things", "ledger", "expected"), CASES.values(), ids=CASES)
def test_matching(
    things: list[Seen],
    ledger: list[Entry],
    expected: tuple[dict[int, str], list[int], list[int], list[int]],
) -> None:
    assert told(match(things, ledger)) == expected


def test_no_entry_is_given_twice() -> None:
    things = [seen(f"aed/{number}", cells) for number, cells in enumerate((HALL, GYM, LIBRARY))]
    for ledger in (LEDGER, LEDGER[:1], [entry("aed/0", GYM), *LEDGER]):
        found = [entry.identifier for entry in match(things, ledger).entries.values()]
        assert len(found) == len(set(found))
