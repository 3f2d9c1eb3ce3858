"""Who reported, sealed for the coordinator alone: a public-key box (libsodium) that the server cannot open."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nacl.public import PrivateKey, PublicKey, SealedBox

from tracker.errors import ConfigError
from tracker.store import Store
from tracker.store.writes import log, people

PRIVATE_NAME, PUBLIC_NAME = "identity.private.key", "identity.public.key"


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
