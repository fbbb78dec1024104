"""The configuration of a home is read strictly, and every key is documented."""

from pathlib import Path

import pytest

from loader.config import KEYS, find_home, read_config
from loader.errors import ConfigurationError

ROOT = Path(__file__).parents[2]


def write(home: Path, text: str) -> Path:
    (home / "tsunagu.toml").write_text(text, encoding="utf-8")
    return home


def test_defaults(tmp_path: Path) -> None:
    config = read_config(tmp_path)
    assert config.policy.base == "http://localhost:8000/"
    assert config.title["ja"]


def test_all_keys(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        'base_iri = "https://data.example.jp"\n[site]\ntitle = {ja = "市", en = "City"}\n'
        'description = "説明"\nhomepage = "https://example.jp/"\n'
        '[site.publisher]\nname = "つなぐ市"\nid = "992011"\n',
    )
    config = read_config(home)
    assert config.policy.base == "https://data.example.jp/"
    assert config.title == {"ja": "市", "en": "City"}
    assert config.publisher_name == {"ja": "つなぐ市"}
    assert (config.publisher_id, config.homepage) == ("992011", "https://example.jp/")
    assert read_config(home, "http://other.example/").policy.base == "http://other.example/"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("base_iri = ", "config.unreadable"),
        ('base_url = "http://x.example/"', "config.unknown-key"),
        ("base_iri = 3", "config.wrong-type"),
        ('base_iri = "ftp://x.example/"', "config.base-iri"),
        ('base_iri = "http://x.example/a b/"', "config.base-iri"),
    ],
)
def test_bad_configuration(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_config(write(tmp_path, text))
    assert caught.value.code == code


def test_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TSUNAGU_HOME", raising=False)
    assert find_home(None) == Path("var")
    monkeypatch.setenv("TSUNAGU_HOME", "/elsewhere")
    assert find_home(None) == Path("/elsewhere")
    assert find_home(Path("here")) == Path("here")


@pytest.mark.parametrize("page", ["docs/configuration.md", "docs/ja/configuration.md"])
def test_every_key_is_documented(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [key for key in KEYS if f"`{key}`" not in text] == []
