"""The IRI policy: every pattern, one spelling of each IRI, the way back from a request."""

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from vocab.iris import IriPolicy, decode, encode, read_row

BASE = "https://data.example.jp/lod/"
POLICY = IriPolicy(BASE)
segments = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@pytest.mark.parametrize(
    ("pattern", "arguments", "path"),
    [
        ("thing", ("aed", "372013-1"), "id/aed/372013-1"),
        ("thing", ("施設", "市役所/別館"), "id/施設/市役所%2F別館"),
        ("document", ("aed", "372013-1"), "doc/aed/372013-1"),
        ("data", ("aed", "372013-1", "ttl"), "data/aed/372013-1.ttl"),
        ("vocabulary", ("tsunagu",), "def/tsunagu"),
        ("term", ("aed", "設置 位置"), "def/aed#設置%20位置"),
        ("catalog", (), "catalog"),
        ("sparql", (), "sparql"),
        ("service", (), "catalog#sparql"),
        ("dataset", ("tsunagu-aed",), "dataset/tsunagu-aed"),
        ("distribution", ("tsunagu-aed", "csv"), "dataset/tsunagu-aed/distribution/csv"),
        ("file", ("tsunagu-aed", "aed.csv"), "file/tsunagu-aed/aed.csv"),
        ("row", ("tsunagu-aed", "aed.csv", 12), "file/tsunagu-aed/aed.csv#row=12"),
        ("row", ("a", "b.xlsx", 3, [("sheet", "表 1")]), "file/a/b.xlsx#sheet=表%201&row=3"),
        ("part", ("a", "b.zip", [("member", "c/d.csv")]), "file/a/b.zip#member=c%2Fd.csv"),
        ("dump", ("tsunagu-aed",), "dump/tsunagu-aed.nq"),
        ("graph", ("tsunagu-aed",), "graph/dataset/tsunagu-aed"),
        ("system_graph", ("catalog",), "graph/catalog"),
        ("agent", ("つなぐ市",), "id/organization/つなぐ市"),
        ("release", ("20250401T000000Z-1a2b",), "release/20250401T000000Z-1a2b"),
        ("activity", ("tsunagu-aed", "1a2b"), "activity/tsunagu-aed/1a2b"),
        ("report", ("tsunagu-aed",), "report/tsunagu-aed"),
    ],
)
def test_patterns(pattern: str, arguments: tuple[str, ...], path: str) -> None:
    assert getattr(POLICY, pattern)(*arguments) == BASE + path


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("市役所", "市役所"),
        ("a b", "a%20b"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("100%", "100%25"),
        ("ア-イ_ウ.エ~オ", "ア-イ_ウ.エ~オ"),
        ("が", "が"),
        ("<script>", "%3Cscript%3E"),
        ("🍊", "%F0%9F%8D%8A"),
        ("\u202e", "%E2%80%AE"),
    ],
)
def test_encode(text: str, segment: str) -> None:
    assert encode(text) == segment


@given(segments)
def test_a_segment_stands_for_its_text_in_nfc(text: str) -> None:
    assert decode(encode(text)) == unicodedata.normalize("NFC", text)
    assert encode(decode(encode(text))) == encode(text)


@given(segments)
def test_a_segment_is_part_of_a_valid_iri(text: str) -> None:
    iri = POLICY.thing("x", text)
    assert NamedNode(iri).value == iri
    assert not set(encode(text)) & set("/?#[]@!$&'()*+,;= <>\"{}|\\^`")


@given(segments)
def test_every_spelling_on_the_wire_is_one_thing(text: str) -> None:
    wholly_encoded = quote(encode(text), safe="%")
    assert decode(wholly_encoded) == decode(encode(text))


@given(segments.filter(lambda text: "/" not in text))
def test_the_way_back_from_a_request(text: str) -> None:
    assert POLICY.from_path(f"id/aed/{text}") == POLICY.thing("aed", text)


@pytest.mark.parametrize(
    "base",
    ["", "data.example.jp/", "http://example.jp", "ftp://example.jp/", "http://example.jp/?a=/",
     "http://example.jp/#/", "http://exa mple.jp/", "http://example.jp/<>/"],
)  # fmt: skip
def test_a_base_that_can_be_none(base: str) -> None:
    with pytest.raises(ValueError):
        IriPolicy(base)


@pytest.mark.parametrize("base", ["http://localhost:8000/", "https://例え.jp/", BASE])
def test_a_base(base: str) -> None:
    assert IriPolicy(base).catalog() == base + "catalog"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("#row=12", ("a b.csv", 12)),
        ("#sheet=%E8%A1%A8%201&row=3", ("a b.csv [表 1]", 3)),
        ("#member=c%2Fd.xlsx&sheet=表&row=3", ("a b.csv [c/d.xlsx] [表]", 3)),
        ("#row=x", ("a b.csv", None)),
        ("", ("a b.csv", None)),
    ],
)
def test_the_iri_of_a_row_is_read(fragment: str, expected: tuple[str, int | None]) -> None:
    assert read_row(f"https://e.jp/file/d/a%20b.csv{fragment}") == expected
