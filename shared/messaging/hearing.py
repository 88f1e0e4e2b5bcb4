"""Whether a consumer keeps up with the bus."""

import time
from collections.abc import Callable

_EVERY = 5.0


class Hearing:
    """Asks every five seconds how far the group is behind: a client polls on in silence while its broker is
    away, so that nothing came does not mean that nothing is there.
    """

    def __init__(self, behind: Callable[[], int], now: Callable[[], float] = time.monotonic) -> None:
        self._behind, self._now = behind, now
        self._asked, self._heard = float("-inf"), 0

    def keeps_up(self, records: int) -> bool:
        """Tell it how many were heard; whether no more are left than a moment's work. Raises Unavailable."""
        self._heard += records
        now = self._now()
        if now - self._asked < _EVERY:
            return False
        self._asked = now
        # While facts come in there are always some on the way: as many as were heard meanwhile are no delay.
        level = self._behind() <= self._heard
        self._heard = 0
        return level
