"""What lies elsewhere: addresses, descriptors that name addresses, and what becomes of them."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, PROV

from loader import release
from loader.cli.main import main
from loader.config import FetchRules, Kind, RemoteSource
from loader.fetch import Fetcher
from loader.source import Discovery, discover

CSV = "NO,名称,住所\n1,中央公園,つなぐ市1-1\n"
TURTLE = "<http://e/a> a <http://e/T> ; <http://e/p> [ <http://e/q> 1 ] ."


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    rules = FetchRules(allow_private=True)
    with Fetcher(tmp_path / "home", rules, sleep=lambda _: None) as fetcher:
        yield fetcher


def address(url: str) -> RemoteSource:
    return RemoteSource(Kind.HTTP, url)


def told(discovery: Discovery) -> list[tuple[str, str]]:
    """The findings in short, each said in both languages."""
    found = []
    for group in discovery.findings.groups():
        for finding in group.examples:
            assert all(finding.text(lang) and finding.advice(lang) for lang in ("ja", "en"))
            found.append((finding.code, finding.file))
    return sorted(found)


def described(site, *paths: str, **more: object) -> str:
    """Put a descriptor on the site; return its address."""
    resources = [path if isinstance(path, dict) else {"path": path} for path in paths]
    content = {"name": "far", "title": "遠いデータ", **more, "resources": resources}
    return site.page("/p/datapackage.json", json.dumps(content))


def zipped(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def test_a_file_at_an_address_is_a_package(site, fetcher: Fetcher) -> None:
    path = "/データ/公園%20一覧.csv"
    site.page(quote(path, safe="/%"), CSV)
    url = site.url + path
    found = discover([address(url)], fetcher)
    [package] = found.packages
    [resource] = package.resources
    assert (package.name, package.title) == ("公園-一覧", {"ja": "公園 一覧"})
    assert (resource.path.name, resource.url) == ("公園 一覧.csv", url)
    assert resource.is_table and told(found) == []


@pytest.mark.parametrize(
    ("path", "headers", "name", "kind"),
    [
        ("/dl", {"Content_Type": "text/csv"}, "127.0.0.1-dl", "text/csv"),
        ("/", {"Content_Type": "text/csv"}, "127.0.0.1-data", "text/csv"),
        ("/catalog.csv", {}, "127.0.0.1-catalog", "text/csv"),
        ("/a.nt", {}, "a", "application/n-triples"),
        ("/a.xlsx", {}, "a", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("/a.geojson", {}, "a", "application/geo+json"),
    ],
)
def test_what_a_file_is(
    site, fetcher: Fetcher, path: str, headers: dict[str, str], name: str, kind: str
) -> None:
    found = discover([address(site.page(path, CSV, **headers))], fetcher)
    [package] = found.packages
    expected = name if path != "/dl" else "dl"
    assert (package.name, package.resources[0].media_type) == (expected, kind)


def test_containers_are_opened_as_local_ones_are(site, fetcher: Fetcher) -> None:
    url = site.page("/a.zip", zipped(park_csv=CSV, town_csv=CSV))
    [package] = discover([address(url)], fetcher).packages
    assert [resource.path.name for resource in package.resources] == ["park.csv", "town.csv"]
    assert {resource.url for resource in package.resources} == {url}
    url = site.page("/b.csv.gz", gzip.compress(CSV.encode()))
    [package] = discover([address(url)], fetcher).packages
    assert (package.name, package.resources[0].url) == ("b", url)


def test_a_container_with_a_descriptor_that_names_an_address(site, fetcher: Fetcher) -> None:
    far = site.page("/far.csv", CSV)
    descriptor = json.dumps({"name": "z", "resources": [{"path": "park.csv"}, {"path": far}]})
    url = site.page("/a.zip", zipped(park_csv=CSV, datapackage_json=descriptor))
    [package] = discover([address(url)], fetcher).packages
    assert [resource.url for resource in package.resources] == [url, far]
    assert all(resource.path.is_file() for resource in package.resources)


def test_a_descriptor_at_an_address(site, fetcher: Fetcher) -> None:
    site.page("/p/data/park.csv", CSV)
    site.page("/other/park.csv", CSV)
    site.page("/dl", CSV, Content_Disposition="attachment; filename=park.csv")
    site.page("/x", b"%PDF", Content_Type="application/pdf")
    url = described(site, "data/park.csv", "../other/park.csv", "/dl", "/plan.pdf", "/x")
    found = discover([address(url)], fetcher)
    [package] = found.packages
    names = [resource.path.name for resource in package.resources]
    assert names == ["park.csv", "park-2.csv", "park-3.csv", "plan.pdf", "x"]
    assert [resource.is_elsewhere for resource in package.resources] == [False] * 3 + [True] * 2
    assert all(resource.path.is_file() for resource in package.resources[:3])
    assert "/plan.pdf" not in [path for _, path, _ in site.asked]
    assert told(found) == []


def test_one_address_may_be_named_for_each_of_its_sheets(site, fetcher: Fetcher) -> None:
    sheets = [{"path": "a.xlsx", "dialect": {"sheetName": name}} for name in ("x", "y")]
    site.page("/p/a.xlsx", b"")
    [package] = discover([address(described(site, *sheets))], fetcher).packages
    assert [resource.path.name for resource in package.resources] == ["a.xlsx", "a.xlsx"]


def test_a_local_descriptor_names_an_address(site, fetcher: Fetcher, tmp_path: Path) -> None:
    url = site.page("/park.csv", CSV)
    (tmp_path / "near.csv").write_text(CSV, encoding="utf-8")
    content = {"name": "mixed", "resources": [{"path": "near.csv"}, {"path": url}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(content))
    [package] = discover([tmp_path / "datapackage.json"], fetcher).packages
    assert [resource.url for resource in package.resources] == [None, url]


@pytest.mark.parametrize("path", ["/absent.csv", "/absent"])
def test_a_package_whose_file_cannot_be_fetched_is_left_out(
    site, fetcher: Fetcher, path: str
) -> None:
    good = site.page("/park.csv", CSV)
    found = discover([address(described(site, path)), address(good)], fetcher)
    assert [package.name for package in found.packages] == ["park"]
    assert told(found) == [("source.unreachable", site.url + path)]


def test_a_descriptor_or_file_that_cannot_be_fetched(site, fetcher: Fetcher) -> None:
    found = discover([address(site.url + "/datapackage.json"), address(site.url + "/a")], fetcher)
    assert found.packages == []
    assert [code for code, _ in told(found)] == ["source.unreachable"] * 2


def test_a_descriptor_that_is_wrong(site, fetcher: Fetcher) -> None:
    found = discover([address(described(site))], fetcher)
    assert found.packages == [] and told(found)


def test_a_descriptor_may_not_name_what_is_inside(site, tmp_path: Path) -> None:
    url = site.page("/park.csv", CSV)
    content = {"name": "p", "resources": [{"path": url}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(content))
    with Fetcher(tmp_path / "home") as fetcher:
        found = discover([tmp_path / "datapackage.json"], fetcher)
    assert (found.packages, told(found)) == ([], [("source.address-private", url)])
    assert site.asked == []


def test_without_a_fetcher_the_home_of_the_environment_is_used(
    site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSUNAGU_HOME", str(tmp_path))
    found = discover([address(site.page("/park.csv", CSV))])
    assert [code for code, _ in told(found)] == ["source.address-private"]
    assert (tmp_path / "sources").is_dir()


def test_a_source_with_a_name_and_metadata(site, fetcher: Fetcher) -> None:
    url = site.page("/dl?id=3", CSV, Content_Type="text/csv")
    site.pages["/dl"] = site.pages["/dl?id=3"]
    metadata = {"title": "公園", "licenses": [{"name": "CC-BY-4.0"}]}
    [package] = discover(
        [RemoteSource(Kind.HTTP, url, "parks", metadata=metadata)], fetcher
    ).packages
    assert (package.name, package.title, package.stated) == ("parks", {"ja": "公園"}, True)
    assert package.licence is not None and package.licence.endswith("/by/4.0/")
    assert (package.resources[0].path.name, package.resources[0].url) == ("dl.csv", url)


# --- published -----------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    (home / "tsunagu.toml").write_text("[fetch]\nallow_private = true\n")
    return home


def publish(home: Path, *arguments: object) -> int:
    return main(["publish", *map(str, arguments), "--home", str(home), "--lang", "en"])


def graph(home: Path, *names: str) -> Graph:
    """Files of the release that is served, as one graph."""
    current = release.current(home)
    assert current is not None
    found = Graph()
    for name in names:
        text = (current.path / name).read_text(encoding="utf-8")
        for line in text.splitlines():
            triple, _, _ = line.removesuffix(" .").rpartition(" ")
            found.parse(data=f"{triple} .", format="nt")
    return found


def test_all_that_a_release_says_of_a_fetched_package(site, home: Path) -> None:
    site.page("/p/park.csv", CSV)
    site.page("/p/town.ttl", TURTLE)
    assert publish(home, described(site, "park.csv", "town.ttl", "plan.pdf")) == 0
    current = release.current(home)
    assert current is not None
    entry = current.datasets["far"]
    assert set(entry["files"]) == {"park.csv", "town.ttl"}
    assert entry["files"]["town.ttl"]["url"] == site.url + "/p/town.ttl"
    source = current.source("far", "town.ttl")
    assert source is not None and source.read_text() == TURTLE
    base = "http://localhost:8000/"
    about = graph(home, "catalog.nq", "about/far.nq")
    for name, copied in (("park.csv", True), ("town.ttl", True), ("plan.pdf", False)):
        distribution = URIRef(f"{base}dataset/far/distribution/{name}")
        origin = URIRef(f"{site.url}/p/{name}")
        assert set(about.objects(distribution, DCAT.accessURL)) == {origin}
        copy = URIRef(f"{base}file/far/{name}")
        assert set(about.objects(distribution, DCAT.downloadURL)) == {copy if copied else origin}
        assert ((copy, PROV.hadPrimarySource, origin) in about) == copied
    types = set(about.objects(None, DCAT.mediaType))
    assert URIRef("https://www.iana.org/assignments/media-types/text/turtle") in types
    dump = current.dump("far").read_text(encoding="utf-8")
    assert f"<http://e/a> <http://e/p> <{base}.well-known/genid/far/town.ttl/1>" in dump


def test_publishing_again_changes_nothing_and_a_lost_source_stays(site, home: Path, capsys) -> None:
    url = site.page("/park.csv", CSV)
    assert publish(home, url) == 0
    first = release.current(home)
    assert publish(home, url) == 0
    assert release.current(home) == first
    site.page("/park.csv", b"", 410)
    capsys.readouterr()
    assert publish(home, url) == 0
    assert release.current(home) == first
    assert "HTTP 410" in capsys.readouterr().out


def test_graphs_alone(site, home: Path) -> None:
    assert publish(home, site.page("/town.ttl", TURTLE)) == 0
    current = release.current(home)
    assert current is not None
    assert (current.datasets["town"]["mapping"], current.datasets["town"]["triples"]) == ("rdf", 3)
    assert publish(home, site.page("/bad.ttl", "<a")) == 2
    assert publish(home, site.page("/none.ttl", "")) == 2


def test_blank_nodes_of_two_files_in_one_container(site, home: Path) -> None:
    assert publish(home, site.page("/z.zip", zipped(a_ttl=TURTLE, b_ttl=TURTLE))) == 0
    current = release.current(home)
    assert current is not None and current.datasets["z"]["triples"] == 5


def test_local_rdf_files(tmp_path: Path, home: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("a.ttl", "b.nt"):
        (data / name).write_text("<http://e/a> <http://e/p> <http://e/b> .")
    (data / "mapping.ttl").write_text("@prefix rml: <http://w3id.org/rml/> . <a:a> a rml:X .")
    assert publish(home, data) == 0
    current = release.current(home)
    assert current is not None and list(current.datasets) == ["a", "b"]


def test_sources_of_the_configuration(site, home: Path, capsys) -> None:
    assert publish(home) == 64
    assert "[[sources]]" in capsys.readouterr().err
    parks, towns = site.page("/park.csv", CSV), site.page("/town.ttl", TURTLE)
    with (home / "tsunagu.toml").open("a") as stream:
        for name, url in (("parks", parks), ("towns", towns)):
            stream.write(f'[[sources]]\nname = "{name}"\nkind = "http"\nurl = "{url}"\n')
    assert publish(home, "--source", "towns") == 0
    current = release.current(home)
    assert current is not None and list(current.datasets) == ["towns"]
    assert publish(home, "--source", "twons") == 2
    assert "parks, towns" in capsys.readouterr().err
    assert publish(home) == 0
    current = release.current(home)
    assert current is not None and list(current.datasets) == ["parks", "towns"]


def test_look_at_an_address_without_publishing(site, home: Path, capsys) -> None:
    url = site.page("/town.ttl", TURTLE)
    options = ["--home", str(home), "--lang", "en"]
    assert main(["map", url, "--to", "ntriples", *options]) == 0
    assert "<http://e/T>" in capsys.readouterr().out
    assert main(["check", site.page("/park.csv", CSV), *options]) == 0
    assert "park.csv" in capsys.readouterr().out
    assert main(["validate", url, *options]) == 0
    assert main(["check", site.url + "/absent.csv", *options]) == 1
    assert "HTTP 404" in capsys.readouterr().out
    assert main(["check", "file:///etc/passwd", *options]) == 1
    assert "http://" in capsys.readouterr().out
