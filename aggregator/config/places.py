"""Where snapshots are kept: a folder, or an address of an object store that several machines share."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from aggregator.config.tables import BeforeValidator, WithJsonSchema

# By the kind of address, what reaches it: object stores alone, where what is put appears whole or not at all. What stands
# behind another address of fsspec (ftp, http, …) may show half of a file to others.
PACKAGES = {
    "s3": "'update-aggregator[shared]'",
    "s3a": "'update-aggregator[shared]'",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
}
_MODULES = {"'update-aggregator[shared]'": "s3fs"}
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_WITHOUT_SLASHES = re.compile(rf"({'|'.join([*PACKAGES, 'file', 'ftp', 'https?'])}):", re.IGNORECASE)
ENVIRONMENT = "Who may read and write there comes by the environment, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


def snapshot_place(value: Any) -> str:
    """A folder as it is written, or an address of an object store. Raises ValueError; no text of it repeats the address."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError('write a folder or an address in quotes, such as "/mnt/shared/snapshots" or "s3://bucket/prefix"')
    found = _ADDRESS.match(value)
    if found is None:
        if "::" in value or _WITHOUT_SLASHES.match(value):
            raise ValueError('write an address with two slashes, such as "s3://bucket/prefix", or the path of a folder')
        return value
    kind, parts = found[1].lower(), urlsplit(value)
    if kind == "file":
        return _folder(value)
    if kind not in PACKAGES:
        raise ValueError(
            f"{kind}:// is no object store that is known here ({', '.join(sorted(PACKAGES))}); mount another as a folder"
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"write the bucket and a prefix alone, no login and no options. {ENVIRONMENT}")
    if not parts.netloc or "::" in value:
        raise ValueError(f'name a bucket and a prefix, such as "{kind}://bucket/prefix"')
    package = PACKAGES[kind]
    if find_spec("fsspec") is None or find_spec(_MODULES.get(package, package)) is None:
        raise ValueError(f"it needs a further package; install: pip install {package}")
    return f"{kind}://{value[found.end() :].rstrip('/')}"


def is_shared(place: str) -> bool:
    """Whether a place is an address of an object store, and no folder."""
    return _ADDRESS.match(place) is not None


def resolved(place: str, folder: Path) -> str:
    """A place, with the path of a folder made whole."""
    return place if is_shared(place) else str((folder / place).expanduser().resolve())


def _folder(value: str) -> str:
    parts = urlsplit(value)
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise ValueError('write a whole path, such as "file:///mnt/shared/snapshots"')
    return unquote(parts.path)


SnapshotPlace = Annotated[
    str,
    BeforeValidator(snapshot_place),
    WithJsonSchema({"type": "string", "examples": ["/mnt/shared/snapshots", "s3://bucket/prefix"]}),
]
