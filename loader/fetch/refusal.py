"""Why an address was not fetched."""

from datetime import UTC, datetime

from loader.model import Finding
from vocab.language import LANGUAGES


class Refusal(Exception):
    """The code of a finding (``source.…``) and its details.

    ``final`` says that no earlier copy may stand in: the address itself is not one to fetch.
    ``passing`` says that the same request may succeed a little later.
    """

    def __init__(
        self, code: str, *, final: bool = False, passing: bool = False, **details: object
    ) -> None:
        super().__init__(f"{code} {details}")
        self.code = code
        self.final = final
        self.passing = passing
        self.details = details

    def finding(self, url: str) -> Finding:
        """The finding about the address."""
        return Finding(self.code, url, details=self.details)


def copy_used(refusal: Refusal, url: str, fetched: float) -> Finding:
    """Return the finding that an earlier copy stands in, with the reason as sentences.

    ``fetched`` is when the copy was fetched, in seconds since 1970.
    """
    why = refusal.finding(url)
    reason = {language: why.text(language) for language in LANGUAGES}
    when = datetime.fromtimestamp(fetched, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return Finding("source.copy-used", url, details={"reason": reason, "fetched": when})
