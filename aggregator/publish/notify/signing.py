"""Signatures of webhooks, by the Standard Webhooks specification, version 1 (symmetric)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from aggregator.config.values import signing_key


def signed_headers(ident: str, body: bytes, *, secret: str, at: datetime) -> Mapping[str, str]:
    """The three headers that let a receiver know who sent a body, when, and whether it has it already.

    `webhook-id` names the message and is the same in every try; `webhook-timestamp` is the second of this try (Unix time);
    `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`. Raises ValueError for a secret that
    is none.
    """
    if "." in ident:
        raise ValueError(f"{ident!r}: a dot parts an id from what follows it, and cannot be in it")
    timestamp = str(int(at.timestamp()))
    signed = b".".join((ident.encode(), timestamp.encode(), body))
    signature = base64.b64encode(hmac.digest(signing_key(secret), signed, hashlib.sha256)).decode()
    return {"webhook-id": ident, "webhook-timestamp": timestamp, "webhook-signature": f"v1,{signature}"}
