"""Makes identifiers: ucodes of an allotted block, UUIDs, or organisation/thing/date.

The last is how the open data guide (9.1.3) makes an identifier where there is no common scheme;
it becomes global as part of an IRI of the publisher.
"""

from collections.abc import Callable, Iterable
from uuid import NAMESPACE_URL, uuid5

from loader.errors import ConfigurationError
from loader.model import Identifiers, Package
from vocab.identifiers import CORPORATE_NUMBER, UCODE
from vocab.iris import decode

Mint = Callable[[str], str]
"""Gives a new identifier for a natural key."""


def minter(package: Package, stated: Identifiers, known: Iterable[str], date: str) -> Mint:
    """Return what makes the identifiers of a table; ``known`` are those that were given before.

    Raises ConfigurationError (identifiers.block-missing) where ucodes have no block.
    """
    taken = set(known)
    if stated.scheme == "ucode":
        return _ucodes(stated, taken)
    make = _uuid if stated.scheme == "uuid" else _path
    owner = _owner(package)

    def mint(key: str) -> str:
        number = 1
        while (identifier := make(owner, key, date, number)) in taken:
            number += 1
        taken.add(identifier)
        return identifier

    return mint


def local_part(stated: Identifiers, identifier: str) -> str:
    """Return an identifier as the local part of an IRI."""
    return identifier.replace("/", "-") if stated.scheme == "path" else identifier


def same_as(stated: Identifiers, identifier: str) -> str | None:
    """Return the IRI that a common scheme gives an identifier."""
    prefixes = {"uuid": "urn:uuid:", "ucode": UCODE}
    return prefixes[stated.scheme] + identifier if stated.scheme in prefixes else None


def _owner(package: Package) -> str:
    """Return who the identifiers are given by: the publisher's number, else the scope."""
    publisher = (package.publisher_id or "").removeprefix(CORPORATE_NUMBER)
    return publisher or package.identifier_scope


def _uuid(owner: str, key: str, _: str, number: int) -> str:
    """Return a UUID of version 5 (RFC 9562, 5.5), of the publisher's name space."""
    name = key if number == 1 else f"{key}#{number}"
    return str(uuid5(uuid5(NAMESPACE_URL, owner), name))


def _path(owner: str, key: str, date: str, number: int) -> str:
    """Return organisation/thing/date; the organisation's number is not said twice."""
    organisation = owner.rstrip("/").rpartition("/")[2]
    kind, _, local = key.partition("/")
    number_of_it = decode(local).replace("/", "_").removeprefix(f"{organisation}-")
    thing = f"{decode(kind)}-{number_of_it}"
    day = date.replace("-", "")
    return "/".join((organisation, thing, day if number == 1 else f"{day}-{number}"))


def _ucodes(stated: Identifiers, taken: set[str]) -> Mint:
    if stated.block is None:
        raise ConfigurationError("identifiers.block-missing", ledger=stated.ledger.name)
    first, last = (int(end, 16) for end in stated.block)
    given = [int(ucode, 16) for ucode in taken]
    next_ = max([first, *(ucode + 1 for ucode in given if first <= ucode <= last)])

    def mint(_: str) -> str:
        nonlocal next_
        if next_ > last:
            raise ConfigurationError(
                "identifiers.block-full", ledger=stated.ledger.name, last=f"{last:032X}"
            )
        identifier, next_ = f"{next_:032X}", next_ + 1
        return identifier

    return mint
