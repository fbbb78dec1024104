"""The stars of a dataset as it is published."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from endpoint.site.stars import stars
from loader.release import Release

OPEN = "https://creativecommons.org/licenses/by/4.0/"


class Told(Release):
    """A release of one dataset whose manifest is given."""

    def __init__(self, licence: str | None, links: dict[str, Any] | None) -> None:
        super().__init__(Path("release"))
        content: dict[str, Any] = {"datasets": {"aed": {"licence": licence}}}
        self.__dict__["manifest"] = content | ({} if links is None else {"links": links})


CASES = [
    (OPEN, {"municipality": 3}, 5, (("全国地方公共団体コード", 3),)),
    (OPEN, {"datasets": 2, "ndc": 1}, 5, (("ほかのデータセット", 2), ("NDC", 1))),
    (OPEN, {}, 4, ()),
    (None, {"municipality": 3}, 0, (("全国地方公共団体コード", 3),)),
    ("urn:closed", {}, 0, ()),
]


@pytest.mark.parametrize(("licence", "counts", "number", "links"), CASES)
def test_links_make_the_fifth_star_of_open_data(
    app: Flask,
    licence: str | None,
    counts: dict[str, int],
    number: int,
    links: tuple[tuple[str, int], ...],
) -> None:
    with app.test_request_context("/?lang=ja"):
        found = stars(Told(licence, {"datasets": {"aed": counts}}), "aed")
        assert found is not None
        assert (found.number, found.links) == (number, links)
        assert found.words.startswith("★" * number or "なし")


def test_a_dataset_without_links_has_none(app: Flask) -> None:
    with app.test_request_context("/"):
        found = stars(Told(OPEN, {"datasets": {}}), "aed")
    assert found is not None
    assert (found.number, found.links) == (4, ())


def test_a_release_of_before_is_not_judged(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context("/"):
        assert stars(Told(OPEN, None), "aed") is None
    page = client.get("/dataset/aed?lang=en", headers={"Accept": "text/html"}).text
    assert "Stars as published" not in page
