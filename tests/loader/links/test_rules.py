"""The rules on pairs that are easy to get wrong."""

import math

import pytest

from loader.config import THRESHOLD
from loader.links.places import Place
from loader.links.rules import compare, rules
from loader.links.things import Role, Thing

EAST, NORTH = 134.05, 34.34
METRE = 1 / 111_195
TAKAMATSU, OTHER_CITY, MINATO, SHINAGAWA = "37201", "37202", "13103", "13109"


def thing(
    name: str,
    address: tuple[str, str] = ("", ""),
    metres: float = math.nan,
    role: Role = Role.PLACE,
    area: str = TAKAMATSU,
    phone: str = "",
    identifiers: tuple[str, ...] = (),
) -> Thing:
    """A thing of a fictional list; ``metres`` north of a fixed point."""
    known = not math.isnan(metres)
    north, east = (NORTH + metres * METRE, EAST) if known else (math.nan, math.nan)
    return Thing("", role, name, Place(area, *address, north, east), phone, identifiers)


AT, NEXT = ("仲町", "1-2"), ("仲町", "9")
SITE = ("id E3720100001201", "id E3720100001111")

CASES = {
    "same name and address": (thing("東小学校", AT), thing("東小学校", AT), "name-address"),
    "numbered schools at one address": (thing("第一小学校", AT), thing("第二小学校", AT), None),
    "one name in two cities": (
        thing("中央公園", AT),
        thing("中央公園", AT, area=OTHER_CITY),
        None,
    ),
    "one name in two wards": (
        thing("中央公園", AT, area=MINATO),
        thing("中央公園", AT, area=SHINAGAWA),
        None,
    ),
    "one name, far apart": (thing("皿池", NEXT, 0), thing("皿池", AT, 1500), None),
    "one name, 900 m apart": (thing("皿池", NEXT, 0), thing("皿池", AT, 900), "name-far"),
    "main building and annex": (thing("市民会館本館", AT, 0), thing("市民会館別館", AT, 10), None),
    "annex and its whole": (thing("市民会館別館", AT), thing("市民会館", AT), "part-address"),
    "branch elsewhere": (thing("図書館東分館", AT, 0), thing("図書館", AT, 5), None),
    "two AEDs of one building": (
        thing("市民会館", AT, 0, Role.EQUIPMENT),
        thing("市民会館", AT, 0, Role.EQUIPMENT),
        None,
    ),
    "AED in a gymnasium, and its school": (
        thing("東小学校体育館", AT, 0, Role.EQUIPMENT),
        thing("東小学校", AT, 40),
        "part-address",
    ),
    "AED of the school, and its gymnasium": (
        thing("東小学校", AT, 0, Role.EQUIPMENT),
        thing("東小学校体育館", AT, 40),
        None,
    ),
    "gymnasium, and AED of the school": (
        thing("東小学校体育館", AT, 40),
        thing("東小学校", AT, 0, Role.EQUIPMENT),
        None,
    ),
    "positions wrong, address right": (
        thing("東小学校", AT, 0),
        thing("東小学校", AT, 5000),
        "name-apart",
    ),
    "no position, other address of the town": (
        thing("東小学校", AT),
        thing("東小学校", NEXT, 0),
        "name-town",
    ),
    "no position, other town": (
        thing("東小学校", AT),
        thing("東小学校", ("本町", "3"), 0),
        "name-only",
    ),
    "municipality of one not known": (
        thing("東小学校", AT, area=""),
        thing("東小学校", AT),
        "name-unsure",
    ),
    "municipality of one not known, but near": (
        thing("東小学校", AT, 0, area=""),
        thing("東小学校", AT, 30),
        "name-address",
    ),
    "municipality of one not known, and far apart": (
        thing("東小学校", AT, 0, area=""),
        thing("東小学校", AT, 90_000),
        "name-unsure",
    ),
    "other name, no municipality": (thing("東小", AT, area=""), thing("西小", AT), None),
    "address goes on": (thing("公園", ("仲町", "1")), thing("公園", AT), "name-block"),
    "one telephone": (
        thing("東小学校", AT, phone="8187"),
        thing("東小学校", ("本町", "3"), phone="8187"),
        "name-phone",
    ),
    "one site number": (
        thing("東小学校", AT, identifiers=SITE[:1]),
        thing("東小学校", NEXT, identifiers=SITE[1:]),
        "name-site",
    ),
    "one site number, other names": (
        thing("武道場", AT, identifiers=SITE[:1]),
        thing("運動公園", AT, identifiers=SITE[1:]),
        None,
    ),
    "owner before the name": (
        thing("社会福祉法人つなぐ会 若草保育園", AT),
        thing("若草保育園", AT),
        "owner-address",
    ),
    "within sight, other town": (
        thing("東公園", AT, 0),
        thing("東公園", ("本町", "3"), 250),
        "name-walk",
    ),
    "within sight, one town": (
        thing("東公園", AT, 0),
        thing("東公園", NEXT, 250),
        "name-walk-town",
    ),
    "business and equipment": (
        thing("海風", AT, role=Role.BUSINESS),
        thing("海風", AT, role=Role.EQUIPMENT),
        None,
    ),
    "toilets of two lists": (
        thing("東公園", AT, role=Role.TOILET),
        thing("東公園", AT, role=Role.TOILET),
        "name-address",
    ),
    "a shared identifier": (
        thing("甲", identifiers=("iri urn:x",), role=Role.RECORD),
        thing("乙", identifiers=("iri urn:x",), role=Role.RECORD),
        "identifier",
    ),
    "a shared identifier of another kind of thing": (
        thing("甲", identifiers=("iri urn:x",), role=Role.RECORD),
        thing("乙", identifiers=("iri urn:x",)),
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_is_chosen_by_names_and_places(case: str) -> None:
    one, other, expected = CASES[case]
    found = compare(one, other)
    assert (found.rule if found else None) == expected


def test_both_directions_give_the_same_rule() -> None:
    for one, other, _ in CASES.values():
        there, back = compare(one, other), compare(other, one)
        assert (there and there.rule) == (back and back.rule)


def test_what_is_published_says_where_a_thing_is() -> None:
    published = {key for key, rule in rules().items() if rule.confidence >= THRESHOLD}
    assert {"name-only", "name-town", "name-far", "similar-address"}.isdisjoint(published)
    assert {"identifier", "name-address", "part-walk-town"} <= published


def test_every_rule_is_told_in_two_languages() -> None:
    assert all(rule.text["ja"] and rule.text["en"] for rule in rules().values())
