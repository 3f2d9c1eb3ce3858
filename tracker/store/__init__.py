"""Tables, sessions, migrations, named reads and writes: the only room that knows SQLAlchemy."""

from tracker.store.engine import Store
from tracker.store.session import SystemSession, ViewerSession

__all__ = ["Store", "SystemSession", "ViewerSession"]
