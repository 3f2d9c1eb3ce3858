"""Secrets that let people in: 32 random bytes, handed out once, kept as SHA-256."""

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """Return a fresh secret (256 bits); a prefix such as `eat_` tells scanners what leaked."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret as 64 hex digits: all that is ever stored of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
