"""Who reported, sealed for the coordinator alone: a public-key box (libsodium) that the server cannot open.

And what the program itself has to open again, sealed with a key beside the database: the addresses of people's
channels, and what they had typed when a sign-in ended.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random as random_bytes

from tracker.errors import ConfigError
from tracker.store import Store
from tracker.store.writes import log, people

PRIVATE_NAME, PUBLIC_NAME = "identity.private.key", "identity.public.key"
CHANNEL_KEY_NAME = "channels.key"
"""Of the key in the data folder, named for what it closed first."""


@dataclass(frozen=True)
class Sealed:
    """A closed box and the key that it was closed with."""

    key_id: str
    box: bytes


def create_keys(store: Store, folder: Path, now: datetime) -> Path:
    """Make the coordinator's key pair in `folder`, give the public half to the store, return the private file.

    Raises:
        ConfigError: the folder cannot be written, or holds a private key already.
    """
    private = folder / PRIVATE_NAME
    key = PrivateKey.generate()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with private.open("xb") as file:
            private.chmod(0o600)
            file.write(bytes(key).hex().encode())
        (folder / PUBLIC_NAME).write_text(bytes(key.public_key).hex(), encoding="ascii")
    except FileExistsError as error:
        raise ConfigError(f"{private} exists already; choose another folder, or keep using it.") from error
    except OSError as error:
        raise ConfigError(f"The keys cannot be written to {folder}: {error}") from error
    with store.acting("operator", "create keys", now) as work:
        key_id = people.store_public_key(work, bytes(key.public_key))
        log.audit(work, "key pair created", key_id)
    return private


def seal(key: tuple[str, bytes], name: str, contact: str) -> Sealed:
    """Close a reporter's name and contact into a box for the key (id, public bytes)."""
    words = json.dumps({"name": name, "contact": contact}, ensure_ascii=False)
    return Sealed(key[0], SealedBox(PublicKey(key[1])).encrypt(words.encode()))


def seal_here(data_dir: Path, words: str) -> bytes:
    """Close words with this installation's own key, made where there is none yet.

    Unlike what identifies a reporter, the program opens it again; a copy of the database alone does not.

    Raises:
        ConfigError: the key cannot be written or read.
    """
    return bytes(SecretBox(_own_key(data_dir, make=True)).encrypt(words.encode()))


def open_here(data_dir: Path, box: bytes) -> str | None:
    """Open what `seal_here` closed; None where this installation's key does not fit.

    Raises:
        ConfigError: the key cannot be read.
    """
    key = _own_key(data_dir, make=False)
    try:
        return SecretBox(key).decrypt(box).decode() if key else None
    except CryptoError:
        return None


def _own_key(data_dir: Path, *, make: bool) -> bytes:
    path = data_dir / CHANNEL_KEY_NAME
    try:
        if make:
            _make_key(path)
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise ConfigError(f"The key {path} cannot be used: {error.strerror}.") from error


def _make_key(path: Path) -> None:
    """Write a fresh key under its name at once, so that nobody reads half of one; one that is there stays."""
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{token_hex(8)}")
    with fresh.open("xb") as file:
        fresh.chmod(0o600)
        file.write(random_bytes(SecretBox.KEY_SIZE))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
