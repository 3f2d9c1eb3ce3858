"""What the environment says, read once at the start and handed down. Nothing is read at import."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from tracker.errors import ConfigError

_PACKAGE = Path(__file__).parent
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C is nine times as fast, where PyYAML came with it."""
RULE_FILES = ("taxonomy", "stories", "rules", "deadlines", "vocabulary")
"""The files of config/ that `tracker init` loads into the database."""


@dataclass(frozen=True)
class Settings:
    """Where things are. `smtp_url` is None where no mail can leave; `public_url` ends without a slash.

    `mailbox_url` is None where nobody reads replies; it may hold a password, so it is never shown.
    """

    database_url: str
    data_dir: Path
    config_dir: Path
    allow_networks: tuple[str, ...]
    smtp_url: str | None
    public_url: str
    mailbox_url: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the TRACKER_… variables; creates the data folder where it is missing.

        Raises:
            ConfigError: a value that cannot be used; names the variable and what is allowed.
        """
        data_dir = Path(environ.get("TRACKER_DATA_DIR") or _default_data_dir(environ)).expanduser()
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"TRACKER_DATA_DIR is {data_dir}, which cannot be made: {error}") from error
        url = environ.get("TRACKER_DATABASE_URL") or f"sqlite:///{(data_dir / 'tracker.db').absolute()}"
        return cls(
            database_url=url,
            data_dir=data_dir,
            config_dir=_config_dir(environ),
            allow_networks=_networks(environ.get("TRACKER_ALLOW_NETWORKS", "")),
            smtp_url=_checked_url(environ, "TRACKER_SMTP_URL", ("smtp", "smtps")),
            public_url=(
                _checked_url(environ, "TRACKER_PUBLIC_URL", ("http", "https")) or "http://127.0.0.1:8000"
            ).rstrip("/"),
            mailbox_url=environ.get("TRACKER_MAILBOX_URL") or None,
        )

    def read_config(self, name: str) -> dict[str, Any]:
        """Read `config/NAME.yaml`.

        Raises:
            ConfigError: missing, unreadable, or not a mapping.
        """
        path = self.config_dir / f"{name}.yaml"
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506 - a safe loader
        except (OSError, yaml.YAMLError) as error:
            raise ConfigError(f"{path} cannot be read: {error}") from error
        if not isinstance(content, dict):
            raise ConfigError(f"{path} must hold a mapping of keys to values")
        return content


def _default_data_dir(environ: Mapping[str, str]) -> str:
    home = environ.get("XDG_DATA_HOME") or "~/.local/share"
    return f"{home}/early-action-tracker"


def _config_dir(environ: Mapping[str, str]) -> Path:
    told = environ.get("TRACKER_CONFIG_DIR")
    if told:
        if not Path(told).is_dir():
            raise ConfigError(f"TRACKER_CONFIG_DIR is {told}, which is no folder")
        return Path(told)
    packaged = _PACKAGE / "_config"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "config"


def _networks(said: str) -> tuple[str, ...]:
    entries = tuple(entry.strip() for entry in said.split(",") if entry.strip())
    for entry in entries:
        network, sep, port = entry.rpartition(":")
        has_port = bool(sep) and port.isdigit() and "/" in network
        try:
            ipaddress.ip_network(network if has_port else entry)
        except ValueError as error:
            raise ConfigError(
                f"TRACKER_ALLOW_NETWORKS holds {entry!r}; write networks such as 127.0.0.1/32 "
                "or 127.0.0.1/32:8080, with commas between"
            ) from error
    return entries


def _checked_url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    said = environ.get(name)
    if not said:
        return None
    if urlsplit(said).scheme not in schemes or not urlsplit(said).hostname:
        raise ConfigError(f"{name} must be an address such as {schemes[0]}://host:port")
    return said
