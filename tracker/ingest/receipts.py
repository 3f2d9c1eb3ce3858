"""Receipt codes: how a sender comes back to a report that nobody can trace to them."""

import hashlib
import secrets
import unicodedata

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another on paper or by voice: no 0, O, 1, I, L."""

_LOOK_ALIKE = str.maketrans("АВСЕНЈКМРЅТХУ", "ABCEHJKMPSTXY")  # noqa: RUF001
"""Cyrillic capitals that stand where a code has a Latin one: nobody changes the keyboard for ten signs."""
_LENGTH = 10
_HALF = 5


def new_code() -> str:
    """Return a fresh code such as `K7F2Q-9XMPT` (31 ** 10 of them: 49 bits)."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return f"{code[:_HALF]}-{code[_HALF:]}"


def code_hash(code: str) -> str:
    """Return the SHA-256 of a code as it is stored; case, spaces, dashes and its script do not matter."""
    plain = unicodedata.normalize("NFKC", code).upper().translate(_LOOK_ALIKE)
    bare = "".join(_western(char) for char in plain if char.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()


def _western(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char
