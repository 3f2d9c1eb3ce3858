"""Signal → inbox → alert → brief → decision → action → outcome → lesson: the use cases that people press buttons for.

Each is one function: it looks through the viewer's own session, then writes in a system session, and returns
a frozen value. Pages, API, command line and jobs call the same ones.
"""
