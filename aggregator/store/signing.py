"""Signatures by a key that the operator keeps: Ed25519, in files that openssl understands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAKE_ONE = "Make one: openssl genpkey -algorithm ed25519 -out private.pem"
LARGEST = 1 << 16  # bytes of a file that may be a key


class SigningError(RuntimeError):
    """A key or a signature cannot be used; the text says which, and why."""


def sign(data: bytes, key: Path, *, password: str | None = None) -> bytes:
    """The signature (64 bytes) of data by the private key in a PEM file. Raises `SigningError`."""
    return _private_key(key, password).sign(data)


def check_signature(data: bytes, signature: Path, key: Path) -> None:
    """Raise `SigningError` where a file does not hold the signature of data by the owner of the public key in a PEM file."""
    _library()
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an optional library

    public = _public_key(key)
    try:
        public.verify(_bytes(signature, "the signature"), data)
    except InvalidSignature as error:
        raise SigningError(f"{signature}: not the signature of this file by the key of {key}.") from error


def _private_key(path: Path, password: str | None) -> Ed25519PrivateKey:
    _library()
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an optional library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - an optional library
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    pem = _bytes(path, "the private key")
    encrypted = b"ENCRYPTED" in pem
    if encrypted and password is None:
        raise SigningError(f"{path}: this key has a password. Name the variable that holds it: --key-password-env NAME")
    try:
        key = load_pem_private_key(pem, password.encode() if encrypted and password is not None else None)
    except (ValueError, TypeError) as error:
        why = "the password is wrong, or the file is damaged" if encrypted else "no private key in PEM form"
        raise SigningError(f"{path}: {why}. {MAKE_ONE}") from error
    except UnsupportedAlgorithm as error:
        raise SigningError(f"{path}: a key of another kind; Ed25519 is wanted. {MAKE_ONE}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningError(f"{path}: a key of another kind; Ed25519 is wanted. {MAKE_ONE}")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an optional library
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    take_it_out = f"Take it out of the private one: openssl pkey -in private.pem -pubout -out {path.name}"
    try:
        key = load_pem_public_key(_bytes(path, "the public key"))
    except UnsupportedAlgorithm as error:
        raise SigningError(f"{path}: a key of another kind; Ed25519 is wanted. {MAKE_ONE}") from error
    except ValueError as error:
        raise SigningError(f"{path}: no public key in PEM form. {take_it_out}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SigningError(f"{path}: a key of another kind; Ed25519 is wanted. {MAKE_ONE}")
    return key


def _library() -> None:
    try:
        import cryptography  # noqa: F401, PLC0415 - an optional library
    except ModuleNotFoundError as error:
        raise SigningError("To sign, install: pip install 'update-aggregator[signing]'") from error


def _bytes(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise SigningError(f"{path}: {what} cannot be read ({error.strerror}).") from error
