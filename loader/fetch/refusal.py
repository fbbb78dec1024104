"""Why an address was not fetched."""

from loader.model import Finding


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
