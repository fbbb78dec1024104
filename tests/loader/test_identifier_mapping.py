"""Identifiers in mappings: described as ic:ID型 and adms:Identifier, linked by what fits them."""

from pathlib import Path

import pytest

from loader.cli.main import main
from loader.vocabulary import scheme_lines
from vocab.identifiers import SCHEMES
from vocab.namespaces import IC

TABLE = """番号,体系,識別子,住所
1,法人番号,T7000-01-2050002,香川県高松市番町1-8
2,VIAF,https://viaf.org/viaf/37004329/,番町1-8
3,郵便番号,〒100-8914,
4,ORCID,0000-0002-1825-0098,
"""

MAPPING = """prefixes:
  adms: http://www.w3.org/ns/adms#
  dcterms: http://purl.org/dc/terms/
  ic: http://imi.go.jp/ns/core/rdf#
  owl: http://www.w3.org/2002/07/owl#
  skos: http://www.w3.org/2004/02/skos/core#
  tsf: https://w3id.org/tsunagu/function#
sources:
  table: [table~csv]
mappings:
  thing:
    sources: table
    s:
      function: tsf:thingIri
      parameters:
        - &kind [tsf:kind, thing]
        - &number [tsf:number, $(番号)]
        - &scope [tsf:scope, $(_scope)]
    po:
      - p: ic:ID
        o:
          - function: tsf:thingIri
            parameters: [*kind, *number, *scope, [tsf:part, id]]
            type: iri
      - p: owl:sameAs
        o:
          - function: tsf:identifierLink
            parameters: &link
              - &value [tsf:value, $(識別子)]
              - &scheme [tsf:scheme, $(体系)]
              - [tsf:link, owl:sameAs]
            type: iri
      - p: skos:exactMatch
        o:
          - function: tsf:identifierLink
            parameters: [*value, *scheme, [tsf:link, "skos:exactMatch"]]
            type: iri
      - p: dcterms:spatial
        o: [{function: tsf:addressAreaIri, parameters: [[tsf:value, $(住所)]], type: iri}]
  id:
    sources: table
    s: {function: tsf:thingIri, parameters: [*kind, *number, *scope, [tsf:part, id]]}
    po:
      - [a, ic:ID型]
      - [a, adms:Identifier]
      - p: ic:識別値
        o: [{function: tsf:identifier, parameters: [*value, *scheme]}]
      - p: skos:notation
        o: [{function: tsf:identifier, parameters: [*value, *scheme]}]
      - p: ic:体系
        o: [{function: tsf:identifierScheme, parameters: [*scheme], type: iri}]
      - p: adms:schemaAgency
        o: [{function: tsf:identifierAgency, parameters: [*scheme], language: ja}]
"""

EXPECTED = {
    "1> owl:sameAs <http://hojin-info.go.jp/data/basic/7000012050002>",
    "1> dcterms:spatial <http://data.e-stat.go.jp/lod/sac/C37201>",
    '1#id> ic:識別値 "7000012050002"',
    '1#id> skos:notation "7000012050002"',
    "1#id> ic:体系 <https://w3id.org/tsunagu/def#scheme.corporate-number>",
    '1#id> adms:schemaAgency "国税庁"@ja',
    "2> skos:exactMatch <http://viaf.org/viaf/37004329>",
    '2#id> ic:識別値 "37004329"',
    '3#id> ic:識別値 "1008914"',
}

ABSENT = (
    "2> owl:sameAs",
    "2> dcterms:spatial",
    "3> owl:sameAs",
    "4> owl:sameAs",
    "4#id> ic:識別値",
)

SHORT = {
    "http://www.w3.org/ns/adms#": "adms:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://imi.go.jp/ns/core/rdf#": "ic:",
    "http://www.w3.org/2002/07/owl#": "owl:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
}


def test_identifiers_in_a_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSUNAGU_HOME", str(tmp_path / "home"))
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    table, mapping = str(tmp_path / "table.csv"), str(tmp_path / "mapping.yaml")
    code = main(["map", table, "--mapping", mapping, "--lang", "en"])
    out, err = capsys.readouterr()
    assert code == 0
    assert "the check digit of “0000-0002-1825-0098” is wrong" in err
    lines = {short(line) for line in out.splitlines()}
    assert lines >= EXPECTED
    assert not any(line.startswith(ABSENT) for line in lines)


def short(line: str) -> str:
    """The end of the subject, the predicate with a prefix, the object."""
    subject, predicate, rest = line.split(" ", 2)
    for iri, prefix in SHORT.items():
        predicate = predicate.replace(f"<{iri}", prefix).removesuffix(">")
    return f"{subject.rpartition('-')[2]} {predicate} {rest.rsplit(' ', 2)[0]}"


def test_schemes_are_described() -> None:
    lines = scheme_lines("http://localhost:8000/graph/vocabulary")
    for scheme in SCHEMES.values():
        described = [line for line in lines if line.startswith(f"<{scheme.own_iri}> ")]
        assert any(f"<{IC['ID体系型']}>" in line for line in described)
        assert any(f'"{scheme.authority["ja"]}"@ja' in line for line in described)
