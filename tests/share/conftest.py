"""Fixtures for what leaves the house."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.share.house import House
from tests.support.smtp import SmtpSink
from tracker.settings import Settings
from tracker.store import Store


@pytest.fixture
def settings(database_url: str, tmp_path: Path, smtp_sink: SmtpSink) -> Settings:
    """Settings whose mail goes to the sink."""
    return Settings.read(
        {
            "TRACKER_DATA_DIR": str(tmp_path / "data"),
            "TRACKER_DATABASE_URL": database_url,
            "TRACKER_SMTP_URL": smtp_sink.url,
            "TRACKER_PUBLIC_URL": "https://early.example.org",
        }
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """A store with its host organisation and rules, on each database."""
    store = Store.open(settings.database_url)
    yield House.build(store, settings)
    store.close()
