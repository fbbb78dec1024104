"""Real files of many publishers, as they are, from CSV to answers of a running server."""

import gzip
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from SPARQLWrapper import CSV, JSON, SPARQLWrapper

from loader.cli.main import main

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real files of ../shared/data are not here"
)

BASE = "http://data.example.jp/"
SAC = "http://data.e-stat.go.jp/lod/sac/C"

# (file, publisher, code of the area, what it is recognised as)
FILES = [
    ("02_municipal/takamatsu_372013/aed_location.csv", "高松市", "372013", "aed"),
    ("02_municipal/takamatsu_372013/evacuation_space.csv", "高松市", "372013", "evacuation-space"),
    ("02_municipal/takamatsu_372013/cultural_property.csv", "高松市", None, "cultural-property"),
    ("02_municipal/takamatsu_372013/nursery_school.csv", "高松市", "372013", "preschool"),
    ("02_municipal/takamatsu_372013/hospital.csv", "高松市", None, "hospital"),
    (
        "02_municipal/takamatsu_372013/public_wireless_lan.csv",
        "高松市",
        None,
        "public-wireless-lan",
    ),
    ("02_municipal/takamatsu_372013/population_202407.csv", "高松市", None, "population"),
    ("02_municipal/saitama_111007_AED.csv", "さいたま市", "111007", "aed"),
    ("02_municipal/tourism_lists/350001_tourism_cp932.csv", "山口県", None, "tourism"),
    ("02_municipal/tourism_lists/res_027_iwakuni.csv", "岩国市", None, "tourism"),
    ("02_municipal/yanai_tourism.csv", "柳井市", None, "tourism"),
    ("02_municipal/hachijo_sightseeing.csv", "八丈町", "134015", "tourism"),
    ("01_codes/localgovjp-utf8.csv", "Code for FUKUI", None, "area-codes"),
    ("04_bibliographic/ndl_pdm_books_bunkei.csv", "国立国会図書館", None, "ndl-books"),
    ("07_large/gmis_hospital_survey_2021-01-10.csv.gz", "内閣官房", None, "hospital"),
]


@dataclass(frozen=True)
class Site:
    """A home that was published and the address that serves it."""

    home: Path
    url: str
    summary: dict[str, dict[str, Any]]

    def select(self, query: str) -> list[dict[str, str]]:
        """Ask with SPARQLWrapper, get plain values."""
        client = SPARQLWrapper(self.url + "sparql", returnFormat=JSON)
        client.setQuery(query)
        rows = client.query().convert()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]


def lay_out(folder: Path) -> None:
    """Put each file, bytes as they are, into a package of its own with a short descriptor."""
    for path, publisher, area, _ in FILES:
        source = SHARED / path
        name = source.name.removesuffix(".gz").removesuffix(".csv").lower()
        package = folder / name
        package.mkdir()
        target = package / source.name.removesuffix(".gz")
        if source.suffix == ".gz":
            target.write_bytes(gzip.decompress(source.read_bytes()))
        else:
            shutil.copyfile(source, target)
        descriptor = {
            "name": name,
            "title": source.name,
            "publisher": {"name": publisher},
            "licenses": [{"name": "CC-BY-4.0"}],
            "resources": [{"name": name, "path": target.name}],
        }
        if area:
            descriptor["spatial"] = area
        (package / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("real")
    (folder / "in").mkdir()
    lay_out(folder / "in")
    home = folder / "home"
    arguments = ["--home", str(home), "--base-iri", BASE, "--format", "json", "--lang", "en"]
    report = folder / "report.json"
    with report.open("w") as stream, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        code = main(["publish", str(folder / "in"), *arguments])
    summary = {entry["name"]: entry for entry in json.loads(report.read_text())["datasets"]}
    assert code == 1, "nursery_school.csv has two rows without a name"
    port = free_port()
    command = [sys.executable, "-m", "loader.cli", "serve", "--home", str(home)]
    server = subprocess.Popen([*command, "--port", str(port)])
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(url)
        yield Site(home, url, summary)
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url + "healthz", timeout=2)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError(f"no server at {url}")


def test_only_rows_without_a_name_hold_a_dataset_back(site: Site) -> None:
    refused = {
        name: [
            (finding["code"], [example["row"] for example in finding["examples"]])
            for finding in entry["findings"]
            if finding["severity"] == "violation"
        ]
        for name, entry in site.summary.items()
        if entry["status"] != "published"
    }
    assert refused == {"nursery_school": [("shacl.min-count", [64, 70])]}


def test_all_files_are_recognised(site: Site) -> None:
    manifest = json.loads((site.home / "current" / "manifest.json").read_text())
    recognised = {name: entry["mapping"] for name, entry in manifest["datasets"].items()}
    expected = {
        Path(path).name.removesuffix(".gz").removesuffix(".csv").lower(): mapping
        for path, _, _, mapping in FILES
        if mapping != "preschool"
    }
    assert recognised == expected


def test_facilities_of_a_municipality_from_two_publishers(site: Site) -> None:
    rows = site.select(
        f"""PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX dcat: <http://www.w3.org/ns/dcat#>
        PREFIX void: <http://rdfs.org/ns/void#>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT DISTINCT ?publisher WHERE {{
          GRAPH ?graph {{ ?thing a <http://imi.go.jp/ns/core/rdf#施設型> ;
                          dcterms:spatial <{SAC}37201> . }}
          ?dataset a dcat:Dataset ; dcterms:publisher/foaf:name ?publisher .
          FILTER(STRENDS(STR(?graph), STRAFTER(STR(?dataset), "/dataset/")))
        }}"""
    )
    assert {row["publisher"] for row in rows} >= {"高松市", "内閣官房"}


def test_shelters_within_a_box(site: Site) -> None:
    box = ["134.03 34.33", "134.06 34.33", "134.06 34.35", "134.03 34.35", "134.03 34.33"]
    client = SPARQLWrapper(site.url + "sparql", returnFormat=CSV)
    client.setQuery(
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX geo: <http://www.opengis.net/ont/geosparql#>
        PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
        PREFIX tsd: <https://w3id.org/tsunagu/def#>
        SELECT DISTINCT ?name WHERE {
          ?shelter tsd:hazard tsd:Tsunami ; rdfs:label ?name ; geo:hasGeometry/geo:asWKT ?point .
          FILTER(geof:sfWithin(?point, "BOX"^^geo:wktLiteral))
        }""".replace("BOX", f"POLYGON(({', '.join(box)}))")
    )
    names = client.query().convert().decode().splitlines()
    assert "四番丁小学校跡施設" in names
    assert 5 < len(names) < 100


def test_books_with_a_doi(site: Site) -> None:
    response = requests.get(
        site.url + "sparql",
        params={
            "query": """PREFIX owl: <http://www.w3.org/2002/07/owl#>
            SELECT (COUNT(DISTINCT ?doi) AS ?count) WHERE { ?book ?p ?doi .
            FILTER(isIRI(?doi) && STRSTARTS(STR(?doi), "https://doi.org/10.11501/")) }"""
        },
        headers={"Accept": "text/csv"},
        timeout=30,
    )
    assert response.ok
    assert int(response.text.splitlines()[1]) > 1000


def test_population_joined_with_the_code_table(site: Site) -> None:
    rows = site.select(
        f"""PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX qb: <http://purl.org/linked-data/cube#>
        PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
        PREFIX tsd: <https://w3id.org/tsunagu/def#>
        SELECT ?name (SUM(?population) AS ?total) WHERE {{
          ?observation a qb:Observation ; sdmx-dimension:refArea ?area ;
            sdmx-dimension:sex <http://purl.org/linked-data/sdmx/2009/code#sex-T> ;
            tsd:population ?population .
          ?municipality skos:exactMatch ?area ; rdfs:label ?name .
          FILTER(?area = <{SAC}37201>)
        }} GROUP BY ?name"""
    )
    assert [row["name"] for row in rows] == ["高松市"]
    assert 380_000 < int(rows[0]["total"]) < 450_000


def test_every_thing_leads_to_its_row(site: Site) -> None:
    rows = site.select(
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?source WHERE { ?thing rdfs:label "錦帯橋"@ja ;
          <http://purl.org/dc/terms/source> ?source . }"""
    )
    assert f"{BASE}file/res_027_iwakuni/res_027_iwakuni.csv#row=2" in {
        row["source"] for row in rows
    }
    answer = requests.get(site.url + "file/res_027_iwakuni/res_027_iwakuni.csv", timeout=30)
    assert answer.content == (SHARED / FILES[9][0]).read_bytes()


def test_a_thing_is_dereferenced(site: Site) -> None:
    thing = site.select(
        'SELECT ?thing WHERE { ?thing <http://www.w3.org/2000/01/rdf-schema#label> "錦帯橋"@ja ; '
        "<http://purl.org/dc/terms/spatial> ?area }"
    )[0]["thing"]
    path = thing.removeprefix(BASE)
    page = requests.get(site.url + path, headers={"Accept": "text/html"}, timeout=30)
    assert page.history[0].status_code == 303
    assert "錦帯橋" in page.text
    turtle = requests.get(site.url + path, headers={"Accept": "text/turtle"}, timeout=30)
    assert turtle.headers["Content-Type"].startswith("text/turtle")
    assert "錦帯橋" in turtle.text


def test_publishing_again_changes_nothing(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    before = (site.home / "current").resolve()
    source = site.home.parent / "in" / "yanai_tourism"
    code = main(["publish", str(source), "--home", str(site.home), "--base-iri", BASE])
    assert code == 0
    assert (site.home / "current").resolve() == before
    capsys.readouterr()
