"""Many lives at once on one clock that only goes forward: each says how long it waits for its next step."""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from program import Program

Life = Iterator[timedelta]
"""What happens to one warning, step by step; between two steps it gives how long nothing happens."""


class Timeline:
    """The lives that go on, by when each goes on next."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._order = count()
        self._waiting: list[tuple[datetime, int, Life]] = []

    def begin(self, at: datetime, life: Life) -> None:
        """Let a life begin at an instant (UTC)."""
        heapq.heappush(self._waiting, (at, next(self._order), life))

    def run(self, until: datetime) -> None:
        """Go through every step that is due up to an instant (UTC), and move the clock with them."""
        while self._waiting and self._waiting[0][0] <= until:
            at, _, life = heapq.heappop(self._waiting)
            self.program.set_clock(max(at, self.program.now))
            pause = next(life, None)
            if pause is not None:
                self.begin(self.program.now + pause, life)
