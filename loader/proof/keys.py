"""The keys of a home: made, listed, retired (``<home>/keys/``).

``<id>.pem`` is the private half and ``<id>.pub.pem`` the public one. All keys that have a private
half sign each release, so that a new key and the one before it overlap. Retiring a key destroys
its private half; the public one stays, for the releases that it signed.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from loader.errors import ConfigurationError
from loader.proof.algorithms import (
    PrivateKey,
    PublicKey,
    fingerprint,
    key_id,
    public_pem,
    read_private,
    read_public,
)

FOLDER = "keys"
_PUBLIC = ".pub.pem"
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the home; ``path`` is its public half."""

    id: str
    path: Path

    @property
    def private(self) -> Path:
        """Where the private half lies, or lay."""
        return self.path.with_name(f"{self.id}.pem")

    @property
    def active(self) -> bool:
        """Whether it signs the releases to come."""
        return self.private.exists()

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return read_public(self.path)

    @property
    def fingerprint(self) -> str:
        """What a publisher tells the world, so that others know the key."""
        return fingerprint(self.public)

    def signer(self) -> PrivateKey:
        """The private half; raises ConfigurationError."""
        return read_private(self.private)


def keys(home: Path) -> list[Key]:
    """Return the keys of a home, by id."""
    found = sorted((home / FOLDER).glob(f"*{_PUBLIC}"))
    return [Key(path.name.removesuffix(_PUBLIC), path) for path in found]


def new(home: Path) -> Key:
    """Make a key (Ed25519) that signs from the next publish on."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(_FOLDER_MODE)
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    key = Key(key_id(public), folder / f"{key_id(public)}{_PUBLIC}")
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # The public half comes first: a key that signs must never lack it.
    _write(key.path, public_pem(public), 0o644)
    _write(key.private, text, _FILE_MODE)
    _sync(folder)
    return key


def retire(home: Path, identifier: str) -> Key:
    """Destroy the private half of a key; raises ConfigurationError where there is none."""
    known = {key.id: key for key in keys(home)}
    key = known.get(identifier)
    if key is None or not key.active:
        active = [item.id for item in known.values() if item.active]
        raise ConfigurationError("keys.unknown", key=identifier, known=", ".join(active) or "-")
    key.private.unlink()
    _sync(key.private.parent)
    return key


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
