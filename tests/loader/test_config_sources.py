"""What a configuration says of sources elsewhere is read strictly; its keys are documented."""

from pathlib import Path

import pytest

from loader.cli.words import Words
from loader.config import FetchRules, Kind, RemoteSource, read_config
from loader.errors import ConfigurationError
from loader.remote_sources import SOURCE_KEYS

ROOT = Path(__file__).parents[2]
HTTP = 'name = "a"\nkind = "http"\nurl = "https://data.example.jp/a.csv"\n'


def write(home: Path, text: str) -> Path:
    (home / "tsunagu.toml").write_text(text, encoding="utf-8")
    return home


def test_nothing_stated(tmp_path: Path) -> None:
    config = read_config(tmp_path)
    assert (config.fetch, config.sources) == (FetchRules(), ())
    assert config.fetch.allow_private is False


def test_all_keys(tmp_path: Path) -> None:
    text = f"""
[fetch]
allow_private = true
max_megabytes = 3
seconds = 20
[[sources]]
{HTTP}
metadata = {{ title = "題" }}
[[sources]]
name = "c"
kind = "ckan"
url = "https://ckan.example.jp/"
organisation = "o"
[[sources]]
name = "s"
kind = "sparql"
url = "https://lod.example.jp/sparql"
query = "q/s.rq"
page_size = 10
"""
    config = read_config(write(tmp_path, text))
    assert config.fetch == FetchRules(True, 3_000_000, 20)
    assert config.sources == (
        RemoteSource(Kind.HTTP, "https://data.example.jp/a.csv", "a", metadata={"title": "題"}),
        RemoteSource(Kind.CKAN, "https://ckan.example.jp/", "c", "o"),
        RemoteSource(
            Kind.SPARQL,
            "https://lod.example.jp/sparql",
            "s",
            query=tmp_path / "q/s.rq",
            page_size=10,
        ),
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[fetch]\nallow_private = "yes"', "config.wrong-type"),
        ("[fetch]\nseconds = 0", "config.wrong-type"),
        ("[fetch]\nmax_megabytes = -1", "config.wrong-type"),
        ("[fetch]\nmax_megabytes = true", "config.wrong-type"),
        ('[fetch]\nproxy = "x"', "config.unknown-key"),
        ('sources = "x"', "config.wrong-type"),
        ('sources = ["x"]', "config.wrong-type"),
        (f"[[sources]]\n{HTTP}[[sources]]\n{HTTP}", "config.source-twice"),
        (f'[[sources]]\n{HTTP}organization = "x"', "config.unknown-key"),
        (f'[[sources]]\n{HTTP}organisation = "x"', "config.source-key-useless"),
        (f"[[sources]]\n{HTTP}".replace("http", "ftp", 1), "config.source-kind"),
        (f"[[sources]]\n{HTTP}".replace("http", "ckan", 1), "config.source-key-missing"),
        ('[[sources]]\nname = "a"\nkind = "http"', "config.source-key-missing"),
        (f"[[sources]]\n{HTTP}".replace('"a"', '"../a"'), "config.wrong-type"),
        (f"[[sources]]\n{HTTP}".replace('"a"', "3"), "config.wrong-type"),
        (f"[[sources]]\n{HTTP}page_size = 0", "config.wrong-type"),
        (f"[[sources]]\n{HTTP}page_size = true", "config.wrong-type"),
        (f'[[sources]]\n{HTTP}query = ""', "config.wrong-type"),
    ],
)
def test_bad_configuration(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_config(write(tmp_path, text))
    assert caught.value.code == code
    for language in ("ja", "en"):
        assert "tsunagu.toml" in Words(language).error(caught.value)


@pytest.mark.parametrize("page", ["docs/sources.md", "docs/ja/sources.md"])
def test_every_key_of_a_source_is_documented(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [key for key in SOURCE_KEYS if f"| `{key}` |" not in text] == []
    assert [kind for kind in Kind if f"`{kind}`" not in text] == []
