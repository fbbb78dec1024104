"""What can go wrong so that work cannot go on.

TsunaguError                 exit code 2
├── ConfigurationError       exit code 2: configuration, mapping or shapes are wrong
├── SourceError              exit code 2: a source cannot be read
├── ReleaseError             exit code 2: a release cannot be written, read or switched to
├── UsageError               exit code 64: the command line is wrong
└── Interrupted              exit code 130: the user stopped the command

Bad *data* is no exception: it is a Finding (loader/model.py). A message is a code of
``vocab/findings`` or of ``loader/messages.toml`` and its values, so that it can be said in
Japanese and in English.
"""


class TsunaguError(Exception):
    """A message code and its values; ``exit_code`` is what the command ends with."""

    exit_code = 2

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}")
        self.code = code
        self.values = values


class ConfigurationError(TsunaguError):
    """Configuration, a mapping or shapes are wrong."""


class SourceError(TsunaguError):
    """A source cannot be read at all."""


class ReleaseError(TsunaguError):
    """A release cannot be written, read or switched to."""


class UsageError(TsunaguError):
    """The command line is wrong."""

    exit_code = 64


class Interrupted(TsunaguError):
    """The user stopped the command."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("cli.interrupted")
