"""Goes through the text of a document in XML without keeping it: its memory does not grow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from defusedxml.ElementTree import DefusedXMLParser

from loader.check.documents.model import Layout, TooLargeError

DEEPEST = 1_000
"""How deep elements are nested at most."""

IsHeading = Callable[[str, Mapping[str, str]], bool]


@dataclass(slots=True)
class Body:
    """What was seen: the target of a parser (xml.etree.ElementTree.XMLParser).

    ``paragraph``, ``text``, ``blanks`` and ``table`` are names of elements: a paragraph, where its
    text is, what stands for a run of blanks, a table.
    """

    paragraph: str
    text: str
    table: str
    is_heading: IsHeading
    blanks: str = ""
    headings: bool = False
    tables: bool = False
    layout: Layout = field(default_factory=Layout)
    _words: list[str] = field(default_factory=list)
    _taking: bool = False
    _in_tables: int = 0
    _depth: int = 0

    def read(self, content: bytes) -> "Body":
        """Go through a document; raises ParseError and DefusedXmlException."""
        parser = DefusedXMLParser(target=self)
        if content:
            parser.feed(content)
            parser.close()
        return self

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take note of an element; raises TooLargeError where they are nested without end."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooLargeError(tag)
        self.headings = self.headings or self.is_heading(tag, attributes)
        if tag == self.table:
            self.tables = True
            self._in_tables += 1
        elif tag == self.blanks and self._taking:
            self._words.append("  ")
        if tag == self.paragraph:
            self._words.clear()
        if tag == self.text:
            self._taking = True

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._taking:
            self._words.append(text)

    def end(self, tag: str) -> None:
        """Leave an element; empty cells of tables are no layout."""
        self._depth -= 1
        if tag == self.text:
            self._taking = False
        if tag == self.table:
            self._in_tables -= 1
        elif tag == self.paragraph and not self._in_tables:
            self.layout.look("".join(self._words))

    def close(self) -> None:
        """End."""
