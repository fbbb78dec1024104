"""What shapes permit, in words: lists, bounds, patterns, kinds of values."""

import pytest

from loader.model import FINDINGS, FindingLog
from loader.validate import Validator
from loader.validate.patterns import in_words
from loader.validate.rules import KINDS

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tsd: <https://w3id.org/tsunagu/def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://e/> .
"""
MANY = " ".join(f'"{number}"' for number in range(10, 30))
HAZARDS = "tsd:Flood tsd:Tsunami"

RULES = [
    ('sh:in ( "赤" "青" )', "入れられるのは 「赤」、「青」 です。", "Allowed: “赤”, “青”."),
    (
        f"sh:in ( {HAZARDS} )",
        "入れられるのは 「洪水」、「津波」 です。",
        "Allowed: “Flood”, “Tsunami”.",
    ),
    (f"sh:in ( {MANY} )", "「21」、ほか 8 件 です。", "“21”, and 8 more."),
    (
        "sh:minInclusive 20 ; sh:maxExclusive 46",
        "入れられる数は 20 以上、46 より小さい数です。",
        "Allowed: at least 20 and less than 46.",
    ),
    ("sh:maxInclusive 0 ", "入れられる数は 0 以下です。", "Allowed: at most 0."),
    ("sh:minCount 2 ; sh:maxCount 3", "2 件以上、3 件まで", "Needed: at least 2 and at most 3."),
    ("sh:minLength 3", "長さは 3 文字以上です。", "Characters: at least 3."),
    (
        "sh:datatype xsd:date",
        "年月日（例: 2024-04-01）を入れます。",
        "It should be a date (2024-04-01).",
    ),
    ("sh:datatype e:own", "ownを入れます。", "It should be own."),
    ("sh:nodeKind sh:IRI", "IRI（http:// などで始まるもの）を", "It should be an IRI"),
    ("sh:class e:Park", "「Park」 である種類のもの", "of this class: “Park”"),
    (
        'sh:pattern "^[0-9]{3}-[0-9]{4}$"',
        "数字 3 桁、「-」、数字 4 桁",
        "3 digits, then “-”, then 4",
    ),
    ("sh:hasValue e:x", "必要な値は 「x」 です。", "The value needed: “x”."),
    ('sh:languageIn ( "ja" )', "使える言語は 「ja」 です。", "Languages allowed: “ja”."),
    (
        "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
        "年月日（例: 2024-04-01）、または西暦の年（例: 2024）です。",
        "It should be a date (2024-04-01), or a year (2024).",
    ),
    (
        'sh:node [ sh:nodeKind sh:IRI ; sh:property [ sh:path e:code ; sh:pattern "^[0-9]{3}$" ; '
        "sh:minCount 1 ] ]",
        "必要なのは IRI（http:// などで始まるもの）、かつ 「code」が 数字 3 桁、かつ 1 件",
        "instance), and “code”: 3 digits, and at least 1.",
    ),
    (
        'sh:not [ sh:in ( "5" "6" ) ; sh:minLength 1 ; sh:maxLength 2 ]',
        "当てはまってはいけないのは 「5」、「6」のどれか、かつ 1 文字以上、2 文字以下 です。",
        "It must not be one of “5”, “6”, and at least 1 and at most 2 characters.",
    ),
    (
        "sh:and ( [ sh:class e:Park ] [ sh:minInclusive 3 ] )",
        "必要なのは 種類が「Park」のもの、かつ 3 以上",
        "It should be of the class “Park”, and at least 3.",
    ),
    (
        "sh:qualifiedMinCount 2 ; sh:qualifiedValueShape [ sh:datatype xsd:date ]",
        "必要なのは 年月日（例: 2024-04-01） が 2 件以上 です。",
        "Needed: at least 2 of them a date (2024-04-01).",
    ),
]


def _advice(rule: str, language: str) -> str:
    """The advice for a value that breaks a rule which a blank node states, after another one."""
    shapes = (
        f"{PREFIXES} e:S a sh:NodeShape ; sh:targetClass e:C ; "
        f"sh:property [ sh:path e:q ; sh:maxCount 9 ] , [ sh:path e:p ; {rule} ] ."
    )
    findings = FindingLog()
    validator = Validator([shapes], findings)
    validator.feed([f"<http://e/1> <{TYPE}> <http://e/C> .\n", '<http://e/1> <http://e/p> "5" .\n'])
    validator.finish()
    return "".join(group.examples[0].advice(language) for group in findings.groups())


@pytest.mark.parametrize(("rule", "ja", "en"), RULES, ids=[rule[0][:30] for rule in RULES])
def test_the_advice_tells_what_is_permitted(rule: str, ja: str, en: str) -> None:
    assert ja in _advice(rule, "ja")
    assert en in _advice(rule, "en")


@pytest.mark.parametrize(
    "rule", ["sh:not [ sh:closed true ]", "sh:or ( [ sh:not [ sh:minLength 1 ] ] )", "sh:in ()"]
)
def test_where_there_are_no_words_the_advice_stands_alone(rule: str) -> None:
    for language in ("ja", "en"):
        code = "shacl." + rule.partition(":")[2].partition(" ")[0]
        general = FINDINGS.entries[code][f"do_{language}"].removeprefix("{advice}")
        assert _advice(rule, language).startswith(general.split("{")[0])


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"^[0-9]{6}$", "6 digits"),
        (r"^\d{2,3}[.]\d+$", "2 to 3 digits, then “.”, then 1 or more digits"),
        (r"^[A-Z]{2}-?[0-9A-Z]*$", "2 capital letters, then perhaps “-”, then 0 or more capital"),
        (r"^見本[a-z]{2,}$", "“見本”, then 2 or more small letters"),
        (r"^(a|b)$", "what matches ^(a|b)$"),
        (r"^a+$", "what matches ^a+$"),
        (r"^[^0-9]$", "what matches ^[^0-9]$"),
        (r"^[x-z]$", "what matches ^[x-z]$"),
        (r"[0-9]{13}$", "what matches [0-9]{13}$"),
        (r"^$", "what matches ^$"),
    ],
)
def test_patterns_in_words(pattern: str, words: str) -> None:
    told = in_words(pattern, lambda code, **values: KINDS.text(code, "en", **values))
    assert told.startswith(words)
