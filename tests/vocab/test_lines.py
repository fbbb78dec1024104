import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.lines import XSD, iri, line, literal

S, P, G = "https://example.org/施設", "https://example.org/p", "https://example.org/g"


def by_engine(value: pyoxigraph.Literal) -> str:
    quad = pyoxigraph.Quad(
        pyoxigraph.NamedNode(S), pyoxigraph.NamedNode(P), value, pyoxigraph.NamedNode(G)
    )
    written = pyoxigraph.serialize([quad], format=pyoxigraph.RdfFormat.N_QUADS)
    assert written is not None
    return written.decode()


def by_us(term: str) -> str:
    return line(iri(S), iri(P), term, iri(G))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_literals_are_written_as_the_engine_writes_them(text: str) -> None:
    assert by_us(literal(text)) == by_engine(pyoxigraph.Literal(text))


@pytest.mark.parametrize("code", [*range(0x00, 0xA1), 0x2028, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF])
def test_every_control_character_has_one_spelling(code: int) -> None:
    assert by_us(literal(chr(code))) == by_engine(pyoxigraph.Literal(chr(code)))


def test_language_and_datatype() -> None:
    assert literal("橋", language="ja") == '"橋"@ja'
    assert literal("ハシ", language="ja-Kana") == '"ハシ"@ja-Kana'
    assert literal("01", datatype=XSD + "integer") == f'"01"^^<{XSD}integer>'
    assert literal("橋", datatype=XSD + "string") == '"橋"'


@pytest.mark.parametrize(
    "text",
    ["", "relative/path", "http://a/b c", "http://a/<b>", 'http://a/"', "http://a/\n", "a:\\"],
)
def test_what_is_no_iri_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        iri(text)


@pytest.mark.parametrize("tag", ["", "ja_JP", "日本語", "ja-", "ja .\n"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="not a language tag"):
        literal("x", language=tag)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        literal("\ud800")
    with pytest.raises(ValueError, match="not an IRI"):
        iri("https://example.org/\udfff")
