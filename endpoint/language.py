"""The language of an answer, and the words of pages and errors (``endpoint/messages.toml``)."""

from collections.abc import Mapping
from pathlib import Path

from flask import g, request

from endpoint.http.negotiation import choose_language
from vocab.language import LANGUAGES, Catalogue

MESSAGES = Catalogue(Path(__file__).parent / "messages.toml")


def language() -> str:
    """``ja`` or ``en``: what ``?lang=`` asks for, else Accept-Language, else Japanese."""
    if "language" not in g:
        asked = request.args.get("lang")
        header = request.headers.get("Accept-Language")
        g.language = asked if asked in LANGUAGES else choose_language(header, LANGUAGES)
    return str(g.language)


def say(code: str, **values: object) -> str:
    """A message in the language of the request."""
    return MESSAGES.text(code, language(), **values)


def pick(texts: Mapping[str, str] | str | None) -> str:
    """The text in the language of the request, else in any; empty where there is none."""
    if not texts:
        return ""
    if isinstance(texts, str):
        return texts
    return texts.get(language()) or next(iter(texts.values()))


def language_of(texts: Mapping[str, str] | str | None) -> str:
    """The language of what ``pick`` gives, for the attribute ``lang``."""
    if not texts or isinstance(texts, str) or language() in texts:
        return language()
    return next(iter(texts))
