"""Streamlit's settings. They are set in code, since the installed package has no settings folder."""

from typing import Any

_FONT = "Noto Sans, system-ui, sans-serif"
_MONO = "ui-monospace, Noto Sans Mono, monospace"
_LIGHT = {
    "primaryColor": "#0b5c6b",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f5f7f8",
    "textColor": "#17212b",
    "borderColor": "#dfe4e8",
    "linkColor": "#0b5c6b",
    "grayTextColor": "#5b6875",
}
_DARK = {
    "primaryColor": "#1d7886",  # darker than look.css's accent: white words stand on it in buttons
    "backgroundColor": "#141b21",
    "secondaryBackgroundColor": "#1b242c",
    "textColor": "#e7edf2",
    "borderColor": "#2d3842",
    "linkColor": "#5cc0cf",
    "grayTextColor": "#9aa8b4",
}


def streamlit_options() -> dict[str, Any]:
    """Return the options by Streamlit's dotted names.

    Nothing is fetched from or told to other hosts, no traceback is shown, light and dark follow the system.
    """
    options: dict[str, Any] = {
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.disableDataExport": True,  # exports are audited and leave out what may not be passed on
        "client.showErrorLinks": False,
        "client.showSidebarNavigation": False,
        "global.disableWidgetStateDuplicationWarning": True,  # what was typed is put back over a form's proposals
        "runner.magicEnabled": False,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.enableStaticServing": False,
        "theme.font": _FONT,
        "theme.codeFont": _MONO,
        "theme.baseFontSize": 15,
        "theme.baseRadius": "7px",
        "theme.buttonRadius": "7px",
        "theme.showSidebarBorder": True,
        "theme.linkUnderline": False,
    }
    options |= {f"theme.light.{name}": value for name, value in _LIGHT.items()}
    options |= {f"theme.dark.{name}": value for name, value in _DARK.items()}
    return options
