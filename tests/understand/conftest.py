import pytest

from tests.detect.desk import taxonomy as read_taxonomy
from tracker.domain.taxonomy import Taxonomy
from tracker.understand.tagger import Tagger


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """Our own taxonomy."""
    return read_taxonomy()


@pytest.fixture(scope="session")
def tagger(taxonomy: Taxonomy) -> Tagger:
    """A tagger by our own taxonomy."""
    return Tagger(taxonomy)
