"""Where pages are: whole paths, so that they hold whichever script Streamlit was started with."""

from pathlib import Path

_PAGES = Path(__file__).parent / "pages"


def place(name: str) -> str:
    """Return the file of a page, for links and navigation."""
    return str(_PAGES / f"{name}.py")
