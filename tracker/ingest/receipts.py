"""Receipt codes: how a sender comes back to a report that nobody can trace to them."""

import hashlib
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another on paper or by voice: no 0, O, 1, I, L."""

_LENGTH = 10
_HALF = 5


def new_code() -> str:
    """Return a fresh code such as `K7F2Q-9XMPT` (31 ** 10 of them: 49 bits)."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return f"{code[:_HALF]}-{code[_HALF:]}"


def code_hash(code: str) -> str:
    """Return the SHA-256 of a code as it is stored; case, spaces and dashes do not matter."""
    bare = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()
