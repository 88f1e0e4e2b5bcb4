"""How many records are taken to be one transaction."""

# Seconds that one transaction shall take: a page waits so long for its locks, and so much is done again when
# the process is killed.
_LONG = 0.25
_FIRST = 10


class Portions:
    """Small at first, since a process that was just started is slow; then as large as takes effect in time,
    up to `most`.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.size = min(_FIRST, most)

    def took(self, records: int, seconds: float) -> None:
        """Tell it how long the last one took."""
        if seconds > _LONG:
            self.size = max(1, self.size // 2)
        elif records >= self.size and seconds < _LONG / 2:
            self.size = min(self._most, self.size * 2)
