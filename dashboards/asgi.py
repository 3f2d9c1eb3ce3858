"""The dashboard as an ASGI application, to be mounted last at "" in the web application."""

import logging
import traceback
from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.starlette import App

from dashboards.options import streamlit_options
from tracker.errors import TrackerError

_log = logging.getLogger("tracker.dashboards")
_APP = Path(__file__).parent / "app.py"


def dashboard_app() -> App:
    """Return the configured dashboard; one per process.

    Give its `lifespan()` to the application that it is mounted in. Pages read settings from the environment.
    """
    # Without this, the first run of a process takes the folder `pages` for an app of its own, without app.py.
    PagesManager.uses_pages_directory = False
    config.get_config_options(force_reparse=True, options_from_flags=streamlit_options())
    return App(_APP, on_script_error=_say_plainly)


def _say_plainly(error: Exception) -> bool:
    """Show a sentence in place of a traceback. The log gets the frames, never the words of an error of ours."""
    if isinstance(error, TrackerError):
        st.error(str(error))
        return True
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("a page failed with %s\n%s", type(error).__name__, frames)
    st.error(
        "Something on this page failed. Nothing was half-written; what was saved before is kept. Try again."
    )
    return True
