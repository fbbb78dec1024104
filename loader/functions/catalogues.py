"""Functions of catalogues: words of publishers to the controlled values of DCAT-AP."""

from loader.functions.lists import split_list
from loader.functions.registry import Gives, function
from vocab import authorities, licences


@function(
    "licenceIri",
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CCライセンス", ""),
    ],
    gives=Gives.IRI,
)
def licence_iri(value: str) -> str:
    """The licence that a name or an address means; nothing for words that name none."""
    return licences.iri(value) or ""


@function(
    "frequencyIri",
    [
        ("毎月", "http://publications.europa.eu/resource/authority/frequency/MONTHLY"),
        ("気が向いたら", ""),
    ],
    gives=Gives.IRI,
)
def frequency_iri(value: str) -> str:
    """The update frequency (EU authority table) that a word means."""
    return authorities.frequency(value) or ""


@function(
    "themeIri",
    [
        ("防災", "http://publications.europa.eu/resource/authority/data-theme/JUST"),
        ("くらし", ""),
    ],
    gives=Gives.IRI,
)
def theme_iri(value: str) -> str:
    """The theme (EU authority table) that a word means."""
    return authorities.theme(value) or ""


@function(
    "fileTypeIris",
    [
        (
            "xlsx,PDF,データモデル定義",
            (
                "http://publications.europa.eu/resource/authority/file-type/XLSX",
                "http://publications.europa.eu/resource/authority/file-type/PDF",
            ),
        ),
        ("", ()),
    ],
    many=True,
    gives=Gives.IRI,
)
def file_type_iris(value: str) -> tuple[str, ...]:
    """The file types (EU authority table) of a list of formats, without those not known."""
    found = (authorities.file_type(word) for word in split_list(value))
    return tuple(iri for iri in found if iri)
