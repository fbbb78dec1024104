"""The words of the command line: messages by code, in the language of the user."""

from dataclasses import dataclass
from pathlib import Path

from loader.errors import TsunaguError
from loader.model import FINDINGS
from vocab.language import Catalogue

MESSAGES = Catalogue(Path(__file__).parent.parent / "messages.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """Says messages in one language."""

    language: str

    def __call__(self, code: str, **values: object) -> str:
        """Return the message ``code``."""
        return MESSAGES.text(code, self.language, **values)

    def error(self, error: TsunaguError) -> str:
        """Return what an error says; its code may also be that of a finding."""
        catalogue = MESSAGES if error.code in MESSAGES.entries else FINDINGS
        return catalogue.text(error.code, self.language, **error.values)
