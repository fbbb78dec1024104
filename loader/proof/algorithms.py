"""Signing and checking with the three kinds of keys that are accepted; reading PEM files.

Ed25519 signs the bytes themselves (RFC 8032); RSA signs with PKCS #1 v1.5 and ECDSA in DER, both
over SHA-256, so that ``openssl dgst -sha256 -verify`` checks them.
"""

import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from loader.errors import ConfigurationError

PrivateKey = Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = Ed25519PublicKey | rsa.RSAPublicKey | ec.EllipticCurvePublicKey

ID_LENGTH = 16
"""Hexadecimal digits of a key's fingerprint that name it in files."""

_PRIVATE = (Ed25519PrivateKey, rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)
_PUBLIC = (Ed25519PublicKey, rsa.RSAPublicKey, ec.EllipticCurvePublicKey)
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def sign(key: PrivateKey, content: bytes) -> bytes:
    """Return the signature over ``content``."""
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(content)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(content, ec.ECDSA(hashes.SHA256()))


def is_signed(key: PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether ``signature`` is that of the key's owner over ``content``."""
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, content)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def algorithm(key: PublicKey) -> str:
    """What the key signs with, as people call it."""
    if isinstance(key, Ed25519PublicKey):
        return "Ed25519"
    return "RSA-SHA256" if isinstance(key, rsa.RSAPublicKey) else "ECDSA-SHA256"


def fingerprint(key: PublicKey) -> str:
    """SHA-256 of the key as SubjectPublicKeyInfo in DER, in hexadecimal: what people compare."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def key_id(key: PublicKey) -> str:
    """The beginning of the fingerprint, which names the key in files."""
    return fingerprint(key)[:ID_LENGTH]


def public_pem(key: PublicKey) -> bytes:
    """The key as PEM (RFC 7468)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_private(path: Path) -> PrivateKey:
    """Read a private key that only its owner can read.

    Raises ConfigurationError for one that others can read, has a passphrase or is of another kind.
    """
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError("keys.unreadable", path=path, reason=error.strerror) from error
    if mode & 0o077:
        raise ConfigurationError("keys.open", path=path)
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError, NotImplementedError) as error:
        raise ConfigurationError("keys.unreadable", path=path, reason=error) from error
    if not isinstance(key, _PRIVATE):
        raise ConfigurationError("keys.kind", path=path)
    return key


def read_public(path: Path) -> PublicKey:
    """Read a public key, or that of a certificate; raises ConfigurationError."""
    try:
        return parse_public(path.read_bytes())[0]
    except OSError as error:
        raise ConfigurationError("keys.unreadable", path=path, reason=error.strerror) from error
    except ValueError as error:
        raise ConfigurationError("keys.unreadable", path=path, reason=error) from error


def parse_public(pem: bytes) -> tuple[PublicKey, x509.Certificate | None]:
    """Return the key of a PEM text and the certificate that holds it; raises ValueError."""
    certificate = x509.load_pem_x509_certificate(pem) if _CERTIFICATE in pem else None
    key = certificate.public_key() if certificate else load_pem_public_key(pem)
    if not isinstance(key, _PUBLIC):
        raise ValueError("neither Ed25519 nor RSA nor ECDSA")
    return key, certificate


def read_certificate(path: Path) -> x509.Certificate:
    """Read a certificate in PEM, the first of a chain; raises ConfigurationError."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        raise ConfigurationError("keys.unreadable", path=path, reason=error.strerror) from error
    except ValueError as error:
        raise ConfigurationError("keys.unreadable", path=path, reason=error) from error
