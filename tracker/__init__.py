"""Early warning to early action: from a field report or a news item to an outcome and a lesson.

The rooms of this house are listed in docs/architecture.md. Imports go one way, downward:
cli, web → pipeline → share → respond → detect → understand → ingest → access → store → settings → domain.
"""

__version__ = "0.1.0"
