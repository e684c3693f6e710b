"""The digest under which a random secret is kept: one-way, and without a salt, since 128 random bits can't be guessed."""

from __future__ import annotations

import hashlib

__all__ = ["token_digest"]


def token_digest(secret: str) -> str:
    """SHA-256 of a secret, in hexadecimal.

    Examples:
        >>> token_digest("abc")[:16]
        'ba7816bf8f01cfea'
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
