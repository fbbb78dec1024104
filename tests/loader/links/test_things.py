"""What linking reads from the lines of a dump."""

import math
from pathlib import Path

from loader.links.authorities import AUTHORITIES, authority_of
from loader.links.blocks import MOST, complete, keys_of, read_header, write_outline
from loader.links.outline import Outline
from loader.links.things import Role, Thing, read_things, site_of
from vocab.identifiers import SCHEMES
from vocab.lines import iri, line, literal
from vocab.namespaces import DCTERMS, GEO, IC, OWL, RDF, RDFS, SCHEMA, TSD

JPNO = "http://ndl.go.jp/dcndl/terms/JPNO"
BASE = "https://data.example.jp/id/"
LABEL, KIND = RDFS["label"], RDF["type"]


def lines(*statements: tuple[str, str, str]) -> list[str]:
    """Lines of a dump: subjects below the base, terms already written."""
    graph = iri("https://data.example.jp/graph/dataset/x")
    return sorted(line(iri(BASE + one), iri(two), three, graph) for one, two, three in statements)


def read(*statements: tuple[str, str, str]) -> list[Thing]:
    return list(read_things(lines(*statements)))


def located(local: str, latitude: str = "34.3", longitude: str = "134.0") -> list:
    return [
        (local, SCHEMA["latitude"], literal(latitude)),
        (local, SCHEMA["longitude"], literal(longitude)),
    ]


def test_things_whose_iris_begin_with_that_of_another_are_kept_apart() -> None:
    found = read(
        ("f/1#address", IC["表記"], literal("高松市仲町1-1")),
        ("f/1", IC["住所"], iri(BASE + "f/1#address")),
        ("f/1", KIND, iri(IC["施設型"])),
        ("f/1", LABEL, literal("一", "ja")),
        ("f/1-2#address", IC["表記"], literal("高松市本町2")),
        ("f/1-2", IC["住所"], iri(BASE + "f/1-2#address")),
        ("f/1-2", KIND, iri(IC["施設型"])),
        ("f/1-2", LABEL, literal("二", "ja")),
    )
    assert {(thing.name, thing.place.town, thing.place.numbers) for thing in found} == {
        ("一", "仲町", "1-1"),
        ("二", "本町", "2"),
    }


def test_equipment_has_the_address_of_its_place_and_the_code_of_that() -> None:
    (found,) = read(
        ("aed/1", KIND, iri(IC["設備型"])),
        ("aed/1", LABEL, literal("Library", "en")),
        ("aed/1", LABEL, literal("図書館", "ja")),
        ("aed/1", IC["設置地点"], iri(BASE + "aed/1#place")),
        ("aed/1#place", IC["住所"], iri(BASE + "aed/1#address")),
        ("aed/1#address", IC["表記"], literal("つなぐ市仲町1-1")),
        ("aed/1#address", IC["市区町村コード"], iri(BASE + "aed/1#code")),
        ("aed/1#code", IC["識別値"], literal("992011")),
    )
    assert (found.role, found.name, found.place.area) == (Role.EQUIPMENT, "図書館", "99201")
    assert math.isnan(found.place.latitude)


def test_what_cannot_be_linked_is_left_out() -> None:
    named = [("x", LABEL, literal("名", "ja")), *located("x")]
    for classes in (
        [],
        [IC["イベント型"], SCHEMA["Place"]],
        ["http://vocab.gtfs.org/terms#Stop", SCHEMA["Place"]],
        [SCHEMA["Person"]],
    ):
        assert not read(*named, *(("x", KIND, iri(name)) for name in classes))
    assert not read(("x", KIND, iri(SCHEMA["Place"])), ("x", LABEL, literal("名", "ja")))
    assert not read(("x", KIND, iri(SCHEMA["Place"])), *located("x"))


def test_half_a_position_and_one_that_is_no_number_are_none() -> None:
    kind = ("x", KIND, iri(SCHEMA["Place"]))
    label = ("x", LABEL, literal("名", "ja"))
    assert not read(kind, label, ("x", SCHEMA["latitude"], literal("34.3")))
    assert not read(kind, label, *located("x", "北緯34度"))
    assert read(kind, label, *located("x"))


def test_identifiers_of_the_thing_itself_are_read_with_their_scheme() -> None:
    (found,) = read(
        ("b", KIND, iri(SCHEMA["Book"])),
        ("b", DCTERMS["identifier"], literal("21234567", datatype=JPNO)),
        ("b", DCTERMS["identifier"], literal("12")),
        ("b", DCTERMS["identifier"], literal("E3720100001201")),
        ("b", TSD["medicalCode"], literal("3710123456")),
        ("b", OWL["sameAs"], iri("urn:isbn:9784999999101")),
    )
    assert found.identifiers == (
        f"{JPNO} 21234567",
        f"{TSD['medicalCode']} 3710123456",
        "id E3720100001201",
        "iri urn:isbn:9784999999101",
    )
    assert [site_of(one) for one in found.identifiers] == ["", "", "E3720100001", ""]


def test_escaped_names_are_read_as_they_are_meant() -> None:
    label = ("x", LABEL, literal('"東"\n\\\x01', "ja"))
    (found,) = read(("x", KIND, iri(SCHEMA["Place"])), label, *located("x"))
    assert found.name == '"東"\n\\\x01'


def test_lines_that_are_none_are_passed_over() -> None:
    assert not list(read_things(["", "# comment\n", "<a> <b> .\n"]))


def test_links_to_authority_files_are_counted_and_not_types(tmp_path: Path) -> None:
    area = iri("http://data.e-stat.go.jp/lod/sac/C37201-20060110")
    told = lines(
        ("x", DCTERMS["spatial"], area),
        ("y", DCTERMS["spatial"], area),
        ("x", KIND, area),
        ("x", OWL["sameAs"], iri("http://hojin-info.go.jp/data/basic/7000012050002")),
        ("x", GEO["asWKT"], literal("<http://data.e-stat.go.jp/lod/sac/C1>")),
        ("z", LABEL, literal("> <http://data.e-stat.go.jp/lod/sac/C1> <http://schema.org/Book> ")),
        ("z", DCTERMS["subject"], iri(SCHEMA["Book"])),
    )
    (tmp_path / "x.nq").write_text("".join(told))
    outline = Outline.of(tmp_path / "x.nq")
    assert not outline.linkable
    assert outline.authorities == {
        ("municipality", DCTERMS["spatial"]): 2,
        ("corporate-number", OWL["sameAs"]): 1,
    }
    assert outline.areas == {"37201"}


def test_every_scheme_with_iris_of_its_own_is_an_authority() -> None:
    others = {"standard-area", "ucode", "uuid", "epc", "oid", "openid", "tdb", "jipdec", "iso6523"}
    for key, scheme in SCHEMES.items():
        made = scheme.iri(scheme.example)
        if made and key not in others:
            assert authority_of(made) == key
    assert set(AUTHORITIES) - set(SCHEMES) == {"ndc"}


def test_a_book_is_found_by_its_identifiers_alone() -> None:
    book = Thing("urn:b", Role.RECORD, "題", identifiers=("a 1", "id E3720100001201"))
    assert len(keys_of(book)) == 3


def test_things_within_300_metres_share_a_cell(tmp_path: Path) -> None:
    def keys(latitude: float, longitude: float) -> frozenset[str]:
        (found,) = read(
            ("x", KIND, iri(SCHEMA["Place"])),
            ("x", LABEL, literal("東小学校", "ja")),
            *located("x", f"{latitude:.6f}", f"{longitude:.6f}"),
        )
        return keys_of(found)

    for latitude in (26.2, 34.3461, 43.0618, 45.5227):
        for step in range(12):
            longitude = 134.0 + step * 0.0007
            here = keys(latitude, longitude)
            east = 300 / (111_195 * math.cos(math.radians(latitude)))
            assert here & keys(latitude + 300 / 111_195, longitude)
            assert here & keys(latitude, longitude + east)


def test_a_header_of_no_file_or_of_another_file_is_none(tmp_path: Path) -> None:
    assert read_header(tmp_path / "none") is None
    (tmp_path / "other").write_text("{}\n")
    assert read_header(tmp_path / "other") is None
    (tmp_path / "old").write_text("[0,[],[]]\n")
    assert read_header(tmp_path / "old") is None
    (tmp_path / "dump.nq").write_text("".join(lines(("x", KIND, iri(SCHEMA["Place"])))))
    write_outline(tmp_path / "dump.nq", tmp_path / "x.things")
    header = read_header(tmp_path / "x.things")
    assert header is not None
    assert (header.authorities, header.areas) == ((), ())
    assert not header.complete
    complete(tmp_path / "dump.nq", tmp_path / "x.things")
    header = read_header(tmp_path / "x.things")
    assert header is not None
    assert header.complete
    assert MOST > 1
