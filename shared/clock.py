"""Where time and ids enter. Everything else receives them."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

LONDON = ZoneInfo("Europe/London")


def wall_clock() -> datetime:
    """Now, in UTC, to the microsecond."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUIDv7 (RFC 9562): sorts by creation time, so that indexes grow at one end."""
    # The wall clock even in tests: ids need to differ and sort, nobody reads a time from them.
    milliseconds = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 0x7 << 76 | (noise >> 68) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    return str(UUID(int=value))
