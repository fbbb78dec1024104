"""A small release, written as docs/releases.md says; with hostile content in its data."""

import hashlib
import json
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse, serialize

BASE = "https://data.example.jp/"
FIRST = "20261121T040000Z-00000001"
SECOND = "20261121T050000Z-00000002"

PREFIXES = f"""
@prefix id: <{BASE}id/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix ic: <http://imi.go.jp/ns/core/rdf#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

GRAPHS = {
    "dataset/facilities": f"""
<{BASE}id/facility/992011-1> a ic:施設型 ;
  rdfs:label "つなぐ市民図書館"@ja, "Tsunagu Public Library"@en, "ツナグシミントショカン"@ja-hrkt ;
  ic:住所 <{BASE}id/facility/992011-1#address> ;
  geo:hasGeometry <{BASE}id/facility/992011-1#geometry> ;
  dcterms:identifier "0001" ;
  dcterms:spatial <http://data.e-stat.go.jp/lod/sac/C99201> ;
  rdfs:seeAlso <https://www.example.jp/library?a=1&b=2>, <javascript:alert(1)>, <tel:+81-0-0000> ;
  dcterms:source <{BASE}file/facilities/facilities.csv#row=2> .
<{BASE}id/facility/992011-1#address> a ic:住所型 ; ic:表記 "例県つなぐ市本町1-1"@ja ;
  ic:市区町村コード <{BASE}id/facility/992011-1#code> .
<{BASE}id/facility/992011-1#code> ic:識別値 "992011" ;
  ic:ID <{BASE}id/facility/992011-1#id> .
<{BASE}id/facility/992011-1#id> ic:体系 "見本の体系"@ja ; ic:確認 true .
<{BASE}id/facility/992011-1#geometry> a geo:Geometry ;
  geo:asWKT "POINT(139.75 35.68)"^^geo:wktLiteral .
<{BASE}id/facility/a%2Fb> rdfs:label "</script><script>alert('x')</script>"@ja ;
  dcterms:description "<img src=x onerror=alert(2)>" ;
  dcterms:isPartOf <{BASE}id/facility/992011-1> .
<{BASE}id/facility/東町-2> rdfs:label "東町集会所"@ja ; <{BASE}def/facilities#1階> "あり" .
<{BASE}id/facility/100%25> rdfs:label "百分率" .
<{BASE}id/facility/raw/slash> rdfs:label "斜線をそのまま" .
<{BASE}id/facility/bare> dcterms:relation [ rdfs:comment "無名の部分"@ja ] .
""",
    "dataset/aed": f"""
<{BASE}.well-known/genid/aed/aed.ttl/1> rdfs:comment "名前のない部分"@ja .
<{BASE}id/aed/992011-9> a <https://w3id.org/tsunagu/def#Aed> ; rdfs:label "図書館1階のAED"@ja ;
  dcterms:isPartOf <{BASE}id/facility/992011-1> ;
  dcterms:issued "2026-04-01"^^xsd:date ; ic:数値 12 .
""",
    "catalog": f"""
<{BASE}catalog> a dcat:Catalog ; dcterms:title "つなぐ市オープンデータ"@ja ;
  dcat:dataset <{BASE}dataset/facilities>, <{BASE}dataset/aed> .
<{BASE}dataset/facilities> a dcat:Dataset ; dcterms:title "公共施設一覧"@ja ;
  dcat:distribution <{BASE}dataset/facilities/distribution/facilities.csv> .
<{BASE}dataset/facilities/distribution/facilities.csv> a dcat:Distribution ;
  dcat:downloadURL <{BASE}file/facilities/facilities.csv> .
<{BASE}dataset/aed> a dcat:Dataset ; dcterms:title "AED設置箇所一覧"@ja .
<{BASE}dataset/facilities#class=1> void:class ic:施設型 .
<{BASE}dataset/aed#class=1> void:class <https://w3id.org/tsunagu/def#Aed> .
<{BASE}id/organization/tsunagu> a foaf:Organization ; foaf:name "つなぐ市"@ja .
""",
    "vocabulary": f"""
<{BASE}def/facilities> a owl:Ontology ; dcterms:title "公共施設一覧の語彙"@ja .
<{BASE}def/facilities#1階> a rdf:Property ; rdfs:label "1階"@ja, "Ground floor"@en ;
  rdfs:isDefinedBy <{BASE}def/facilities> .
<{BASE}def/facilities-other#x> rdfs:label "別の語彙"@ja .
<https://w3id.org/tsunagu/def> a owl:Ontology ; dcterms:title "つなぐの語彙"@ja, "Our words"@en .
<https://w3id.org/tsunagu/def#Aed> a rdfs:Class ; rdfs:label "除細動器"@ja ;
  rdfs:isDefinedBy <https://w3id.org/tsunagu/def> .
<https://w3id.org/tsunagu/def#table.blank-row> a skos:Concept ; skos:prefLabel "空の行"@ja .
""",
    "provenance": f"""
<{BASE}activity/facilities/0123> rdfs:label "変換"@ja .
<{BASE}graph/dataset/facilities> rdfs:label "公共施設一覧のグラフ"@ja .
""",
}

REPORT = {
    "dataset": "facilities",
    "findings": [
        {
            "code": "identifier.check-digit",
            "severity": "violation",
            "count": 1,
            "file": "facilities.csv",
            "column": "都道府県コード又は市区町村コード",
            "text": {"ja": "コードの検査数字が合いません。", "en": "The check digit is wrong."},
            "advice": {"ja": "コードを確かめてください。", "en": "Check the code."},
            "examples": [{"row": 3, "column": "コード", "value": "<b>992010</b>"}],
        },
        {
            "code": "table.blank-row",
            "severity": "info",
            "count": 2,
            "file": "facilities.csv",
            "column": None,
            "text": {"ja": "空の行があります。", "en": "There are blank rows."},
            "advice": {"ja": "そのままで構いません。", "en": "This does no harm."},
            "examples": [{"row": None, "column": None, "value": None}],
        },
        {
            "code": "shacl.max-count",
            "severity": "violation",
            "count": 4_000,
            "file": "facilities.csv",
            "column": "名称",
            "text": {"ja": "名称が二つあります。", "en": "There are two names."},
            "advice": {"ja": "1 件までです。", "en": "Allowed: at most 1."},
            "examples": [
                {"row": 4, "column": "名称", "value": "本館 | <i>別館</i>", "rows": [4, 5]},
                {"row": 7, "column": "名称", "value": ""},
            ],
        },
    ],
    "validation": {"conforms": False, "results": {"info": 0, "warning": 0, "violation": 4_000}},
    "files": [
        {
            "file": "facilities.csv",
            "level": 3,
            "grade": 1,
            "stars": 3,
            "reason": {"ja": "○まで満たしています。", "en": "All items marked ○ are met."},
            "next_step": {"ja": "空白を取り除いてください。", "en": "Take the spaces out."},
            "items": [
                {
                    "id": "9-3.4",
                    "mark": "",
                    "status": "not-met",
                    "text": {"ja": "データだけが入っている", "en": "Fields hold nothing but data"},
                }
            ],
        },
        {
            "file": "note.html",
            "level": 2,
            "grade": 0,
            "stars": 3,
            "reason": {"ja": "オープンな形式です。", "en": "The format is open."},
            "next_step": {"ja": "見出しを付けてください。", "en": "Mark the headings."},
            "items": [],
        },
    ],
}

CSV = "ID,名称\n1,つなぐ市民図書館\n".encode("cp932")


def manifest(identifier: str, quads: int) -> dict[str, object]:
    """The manifest of the release."""
    graph = f"{BASE}graph/dataset/"
    return {
        "layout": 1,
        "id": identifier,
        "created": "2026-11-21T04:00:00+00:00",
        "software": {"name": "tsunagu", "version": "0.1.0"},
        "base_iri": BASE,
        "title": {"ja": "つなぐ市オープンデータ", "en": "Tsunagu City open data"},
        "publisher": {"ja": "つなぐ市"},
        "quads": quads,
        "graphs": {name: f"{BASE}graph/{name}" for name in ("catalog", "provenance", "vocabulary")},
        "datasets": {
            "facilities": {
                "title": {"ja": "公共施設一覧", "en": "Public facilities"},
                "description": {"ja": "見本のデータです。"},
                "mapping": "public-facility",
                "graph": f"{graph}facilities",
                "rows": 4,
                "triples": 20,
                "licence": "https://creativecommons.org/licenses/by/4.0/",
                "publisher": {"ja": "つなぐ市"},
                "keywords": ["施設", "見本"],
                "issued": "2026-04-01",
                "modified": "2026-11-01",
                "sample": True,
                "files": {
                    "facilities.csv": {
                        "sha256": hashlib.sha256(CSV).hexdigest(),
                        "bytes": len(CSV),
                        "media_type": "text/csv",
                        "encoding": "Windows-31J",
                    },
                    "note.html": {"media_type": "text/html"},
                    "lost.csv": {},
                },
                "dump": "dumps/facilities.nq",
                "findings": {"info": 2, "warning": 0, "violation": 1},
                "conforms": False,
            },
            "aed": {"title": {"ja": "AED設置箇所一覧"}, "graph": f"{graph}aed"},
        },
        "files": {"dumps/facilities.nq": {"bytes": 12_345, "sha256": "0"}},
    }


def write_release(home: Path, identifier: str = FIRST, more: str = "") -> Path:
    """Write a release into ``home``; ``more`` is Turtle to add to the AED dataset."""
    folder = home / "releases" / identifier
    for name in ("dumps", "reports", "sources/facilities"):
        (folder / name).mkdir(parents=True)
    quads = _fill(folder, more)
    (folder / "reports" / "facilities.json").write_text(json.dumps(REPORT), encoding="utf-8")
    (folder / "sources" / "facilities" / "facilities.csv").write_bytes(CSV)
    (folder / "sources" / "facilities" / "note.html").write_text("<script>alert(3)</script>")
    (folder / "sources" / "secret.txt").write_text("not published")
    text = json.dumps(manifest(identifier, quads), ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return folder


def _fill(folder: Path, more: str) -> int:
    store = Store(folder / "store")
    for name, turtle in GRAPHS.items():
        text = PREFIXES + turtle + (more if name == "dataset/aed" else "")
        quads = list(parse(text, format=RdfFormat.TURTLE))
        lines = b"".join(
            serialize([quad.triple], format=RdfFormat.N_TRIPLES)[:-3]
            + f" <{BASE}graph/{name}> .\n".encode()
            for quad in quads
        )
        store.bulk_load(lines, format=RdfFormat.N_QUADS)
        if name.startswith("dataset/"):
            (folder / "dumps" / f"{name.removeprefix('dataset/')}.nq").write_bytes(lines)
        if name == "catalog":
            _write_catalog(folder, [quad.triple for quad in quads])
    store.optimize()
    store.flush()
    return len(store)


def _write_catalog(folder: Path, triples: list) -> None:  # type: ignore[type-arg]
    syntaxes = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}
    for suffix, syntax in syntaxes.items():
        (folder / f"catalog.{suffix}").write_bytes(serialize(triples, format=syntax) or b"")


def switch(home: Path, identifier: str) -> None:
    """Make a release the one that is served."""
    temporary = home / ".current"
    temporary.symlink_to(Path("releases") / identifier)
    temporary.replace(home / "current")
