"""A CKAN site, as its answers are: packages of an organisation become packages of ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from loader.config import FetchRules, Kind, RemoteSource
from loader.fetch import Fetcher
from loader.source import Discovery, ckan, discover

CSV = "NO,名称\n1,公園\n"


@pytest.fixture
def fetcher(tmp_path: Path) -> Iterator[Fetcher]:
    rules = FetchRules(allow_private=True)
    with Fetcher(tmp_path, rules, sleep=lambda _: None) as fetcher:
        yield fetcher


def serve(site, packages: list[dict[str, object]]) -> RemoteSource:
    """Let the site answer searches as CKAN does; return the source."""

    def answer(handler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        start, rows = int(asked["start"][0]), int(asked["rows"][0])
        assert asked["fq"] == ['organization:"tsunagu-shi"']
        result = {"count": len(packages), "results": packages[start : start + rows]}
        handler.reply(200, json.dumps({"success": True, "result": result}).encode())

    site.pages["/ckan/api/3/action/package_search"] = answer
    return RemoteSource(Kind.CKAN, site.url + "/ckan/", "city", "tsunagu-shi")


def told(discovery: Discovery) -> list[str]:
    """The codes of the findings, each of which can be said."""
    codes = []
    for group in discovery.findings.groups():
        for finding in group.examples:
            assert all(finding.text(lang) and finding.advice(lang) for lang in ("ja", "en"))
            codes.append(finding.code)
    return codes


def package(site, name: str, **more: object) -> dict[str, object]:
    return {"name": name, "resources": [{"url": site.page(f"/{name}.csv", CSV)}], **more}


def test_what_ckan_states_of_a_package(site, fetcher: Fetcher) -> None:
    site.page("/dl/1", CSV, Content_Disposition="attachment; filename=list.csv")
    site.page("/dl/2%20x.csv", CSV)
    site.page("/dl/3", CSV)
    stated = package(
        site,
        "aed",
        title="AED設置箇所",
        notes="市内のAED",
        tags=[{"name": "aed", "display_name": "AED"}, {"name": "救急"}, "odd"],
        groups=[{"title": "防災"}],
        organization={"name": "tsunagu-shi", "title": "つなぐ市"},
        author="危機管理課",
        license_id="cc-by-40",
        license_title="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
        metadata_created="2025-04-01T01:02:03.456789",
        metadata_modified="2026-04-01T01:02:03.456789",
        resources=[
            {"url": site.url + "/dl/1", "name": "一覧", "format": "CSV", "mimetype": "text/plain"},
            {"url": site.url + "/dl/2 x.csv", "name": "もう一つ", "format": "XLSX"},
            {"url": site.url + "/dl/3", "mimetype": "text/csv"},
            {"url": site.url + "/manual.pdf", "name": "手引き", "format": "PDF"},
            {"url": "", "name": "空"},
            {"url": "ftp://old.example/a.csv"},
            {"name": "なし"},
            "odd",
        ],
    )
    found = discover([serve(site, [stated])], fetcher)
    [made] = found.packages
    assert told(found) == []
    assert (made.name, made.title, made.description) == (
        "aed",
        {"ja": "AED設置箇所"},
        {"ja": "市内のAED"},
    )
    assert (made.keywords, made.themes) == (("AED", "救急"), ("防災",))
    assert (made.publisher_name, made.creator) == ({"ja": "つなぐ市"}, "危機管理課")
    assert made.licence is not None and "creativecommons.org/licenses/by/4.0" in made.licence
    assert (made.issued, made.modified) == ("2025-04-01", "2026-04-01")
    assert made.homepage == site.url + "/ckan/dataset/aed"
    assert [(file.path.name, file.title, file.media_type) for file in made.resources] == [
        ("1", {"ja": "一覧"}, "text/csv"),
        ("2 x.csv", {"ja": "もう一つ"}, "text/csv"),
        ("3", {}, "text/csv"),
        ("manual.pdf", {"ja": "手引き"}, "application/pdf"),
    ]
    assert [file.is_elsewhere for file in made.resources] == [False, False, False, True]
    assert "/manual.pdf" not in [path for _, path, _ in site.asked]


def test_all_pages_are_read(site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ckan, "PAGE", 2)
    source = serve(site, [package(site, f"p{number}") for number in range(5)])
    found = discover([source], fetcher)
    assert [made.name for made in found.packages] == ["p0", "p1", "p2", "p3", "p4"]
    searches = [path for _, path, _ in site.asked if "package_search" in path]
    assert [path.rpartition("start=")[2] for path in searches] == ["0", "2", "4"]


def test_there_is_an_end_to_pages(site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ckan, "MOST_PAGES", 2)
    monkeypatch.setattr(ckan, "PAGE", 1)
    source = serve(site, [package(site, f"p{number}") for number in range(5)])
    assert len(discover([source], fetcher).packages) == 2


def test_one_bad_package_leaves_the_others(site, fetcher: Fetcher) -> None:
    packages = [
        package(site, "good"),
        {"name": "lost", "resources": [{"url": site.url + "/lost.csv"}]},
        {"name": "empty", "resources": []},
        {"name": "odd", "resources": "odd"},
        {"title": 3, "resources": [{"url": site.url + "/good.csv"}]},
        package(site, "catalog"),
    ]
    found = discover([serve(site, packages)], fetcher)
    assert [made.name for made in found.packages] == ["good"]
    assert sorted(told(found)) == [
        "descriptor.name-unusable",
        "source.ckan-empty",
        "source.ckan-empty",
        "source.ckan-empty",
        "source.unreachable",
    ]


def test_a_site_that_is_away_leaves_what_was_there(site, fetcher: Fetcher) -> None:
    source = serve(site, [package(site, "a")])
    discover([source], fetcher)
    site.pages.clear()
    found = discover([source], fetcher)
    assert [made.name for made in found.packages] == ["a"]
    assert told(found) == ["source.copy-used", "source.copy-used"]


def test_a_site_that_was_never_there(site, fetcher: Fetcher) -> None:
    found = discover([RemoteSource(Kind.CKAN, site.url, "x", "y")], fetcher)
    assert (found.packages, told(found)) == ([], ["source.unreachable"])


def test_an_organisation_without_packages(site, fetcher: Fetcher) -> None:
    found = discover([serve(site, [])], fetcher)
    assert (found.packages, told(found)) == ([], ["source.ckan-nothing"])


@pytest.mark.parametrize(
    "answer",
    [
        "{",
        "[]",
        '{"success": false}',
        '{"success": true}',
        '{"success": true, "result": {"results": 1}}',
        '{"success": true, "result": {"results": [], "count": "1"}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_ckan(site, fetcher: Fetcher, answer: str) -> None:
    source = serve(site, [])
    site.page("/ckan/api/3/action/package_search", answer)
    found = discover([source], fetcher)
    assert (found.packages, told(found)) == ([], ["source.ckan-answer"])


def test_an_answer_that_is_too_large(
    site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ckan, "LARGEST_PAGE", 10)
    found = discover([serve(site, [package(site, "a")])], fetcher)
    assert told(found) == ["source.ckan-answer"]
