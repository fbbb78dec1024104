"""What the query editor completes."""

from flask.testing import FlaskClient

from tests.endpoint.example_release import BASE, FIRST
from vocab.namespaces import IC, PREFIXES, TSD


def test_terms_of_the_release(client: FlaskClient) -> None:
    response = client.get("/completion.json")
    found = response.json
    assert found["release"] == FIRST
    assert PREFIXES.items() < found["prefixes"].items()
    assert "geof" in found["prefixes"]
    classes = dict(found["classes"])
    assert classes[IC["施設型"]] == {"ja": "施設", "en": "Facility"}
    assert classes[TSD["Aed"]] == {"ja": "除細動器"}
    properties = dict(found["properties"])
    assert properties[IC["住所"]]["ja"] == "住所"
    assert f"{BASE}def/facilities#1階" not in properties  # of a thing that has no class
    assert list(properties) == sorted(properties)
    headers = {"If-None-Match": response.headers["ETag"]}
    assert client.get("/completion.json", headers=headers).status_code == 304
