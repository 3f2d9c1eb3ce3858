"""Runs one step of a life in a child that dies where it is told to: `python tests/kill/victim.py`.

Reads one JSON order a line and answers each with how the child ended. The parent loads the program once and forks
for every order, since it has no thread; hooks are set in the child, so that the program itself has none.
"""

import json
import os
import signal
import smtplib
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.kill.life import STEPS, scene_at
from tracker.ingest.maildir import OpenMaildir
from tracker.store import SystemSession


class Fate:
    """Counts the points that the child passes and kills it at the one that was chosen."""

    def __init__(self, point: int | None) -> None:
        self._point = point
        self.passed: list[str] = []

    def pass_by(self, name: str) -> None:
        self.passed.append(name)
        if self._point is not None and len(self.passed) > self._point:
            os.kill(os.getpid(), signal.SIGKILL)


def hook(fate: Fate) -> None:
    """Watch every commit, every hand-over of a mail and every letter put away, before and after."""
    event.listen(
        SystemSession, "before_commit", lambda session: fate.pass_by(f"before commit of {session.use_case}")
    )
    event.listen(
        SystemSession, "after_commit", lambda session: fate.pass_by(f"after commit of {session.use_case}")
    )
    for name in ("sendmail", "send_message"):
        setattr(smtplib.SMTP, name, _watched(getattr(smtplib.SMTP, name), fate, "send"))
    OpenMaildir.put_away = _watched(OpenMaildir.put_away, fate, "put away")  # type: ignore[method-assign]


def _watched(send: Callable[..., Any], fate: Fate, called: str) -> Callable[..., Any]:
    def watched(*args: Any, **kwargs: Any) -> Any:
        fate.pass_by(f"before {called}")
        done = send(*args, **kwargs)
        fate.pass_by(f"after {called}")
        return done

    return watched


def live(order: dict[str, Any]) -> None:
    """Take the step; ends the process."""
    fate = Fate(order["point"])
    hook(fate)
    if order["after_s"] is not None:
        threading.Timer(order["after_s"], os.kill, (os.getpid(), signal.SIGKILL)).start()
    environment = {name: str(value) for name, value in order["environment"].items()}
    now = datetime.fromisoformat(order["now"])
    scene = scene_at(order["url"], now, environment, Path(order["data_dir"]))
    try:
        STEPS[order["step"]](scene)
        scene.store.close()
    except BaseException:  # noqa: BLE001 - whatever it was, the runner must hear of it
        traceback.print_exc()
        os._exit(1)
    Path(order["points_file"]).write_text(json.dumps(fate.passed), encoding="utf-8")
    os._exit(0)


def main() -> None:
    """Take orders until there are no more."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            live(order)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{json.dumps({'killed': os.WIFSIGNALED(status), 'code': status})}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
