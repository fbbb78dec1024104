"""The rows of a result: counted in the bytes of the engine, limited in the text of the query."""

import re

from endpoint.sparql.guard import outer_tokens

COUNTED = {
    "json": (b'"bindings":[{', b'},{"', b"},{}"),
    "xml": (b"<result>",),
    "csv": (b"\n",),
    "tsv": (b"\n",),
    "csv-excel": (b"\n",),
}
"""What tells rows apart, in JSON but for literals that end in ``},{``; a line break within a value
of CSV counts."""
_NUMBER = re.compile(r"(?:\s|#[^\r\n]*+)*+(?P<number>\d+)")


class RowCounter:
    """Counts the rows of a result as its bytes go by; ``name`` is a name of ``vocab.formats``."""

    def __init__(self, name: str) -> None:
        self._starts = COUNTED[name]
        self._overlap = max(map(len, self._starts)) - 1
        self._signs = 0
        self._end = b""

    def see(self, piece: bytes) -> None:
        """Count what is in the next piece, and what lies across the border to it."""
        text = self._end + piece
        self._signs += sum(text.count(sign) - self._end.count(sign) for sign in self._starts)
        self._end = text[-self._overlap :] if self._overlap else b""

    @property
    def rows(self) -> int:
        """The rows so far."""
        header = self._starts == (b"\n",)
        return max(self._signs - header, 0)


def limited(query: str, rows: int) -> str:
    """Return a query that gives at most so many solutions; the same text where it already does.

    The last LIMIT outside of all brackets is the one of the whole query (SPARQL 1.1 Query
    Language, 19.8: LimitOffsetClauses); VALUES may come after it.
    """
    place = len(query)
    for match in outer_tokens(query):
        word = (match["word"] or "").lower()
        if word == "values":
            place = match.start()
        number = _NUMBER.match(query, match.end()) if word == "limit" else None
        if number is not None:
            if int(number["number"][:18]) <= rows and len(number["number"]) <= 18:
                return query
            return f"{query[: number.start('number')]}{rows}{query[number.end() :]}"
    return f"{query[:place]}\nLIMIT {rows}\n{query[place:]}"
