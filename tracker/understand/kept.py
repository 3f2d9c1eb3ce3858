"""What takes a moment to build from what config/ says, kept until it says something else."""

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Kept(Generic[_P, _T]):
    """Gives what was built last again, where it is asked for by equal arguments. No use of it may show in another."""

    def __init__(self, build: Callable[_P, _T]) -> None:
        self._build = build
        self._last: list[tuple[tuple[object, ...], _T]] = []

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what the arguments give."""
        asked = (args, kwargs)
        for last, built in self._last:
            if last == asked:
                return built
        built = self._build(*args, **kwargs)
        self._last = [(asked, built)]
        return built
