"""The time that a release states: the clock's, or the one that whoever repeats a publish gives.

https://reproducible-builds.org/specs/source-date-epoch/
"""

import os
import re
from datetime import UTC, datetime

from loader.errors import ConfigurationError

VARIABLE = "SOURCE_DATE_EPOCH"
_LAST = 253_402_300_799
"""9999-12-31T23:59:59Z: no later time has the form of xsd:dateTime that releases use."""


def now() -> datetime:
    """Return ``SOURCE_DATE_EPOCH`` (seconds since 1970, UTC) where it is set, else the time.

    Raises ConfigurationError ``config.source-date-epoch`` for what is no such number.
    """
    stated = os.environ.get(VARIABLE)
    if not stated:
        return datetime.now(UTC)
    if not re.fullmatch("[0-9]{1,12}", stated) or int(stated) > _LAST:
        raise ConfigurationError("config.source-date-epoch", value=stated)
    return datetime.fromtimestamp(int(stated), UTC)
