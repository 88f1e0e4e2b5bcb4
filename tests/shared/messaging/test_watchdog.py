"""A client that stalls without an error is found."""

import pytest

from shared.messaging.ports import Stuck
from shared.messaging.worker import STUCK_AFTER, Watchdog


class Hands:
    """A clock for the watchdog, and how many records wait."""

    def __init__(self) -> None:
        self.now, self.behind, self.asked = 0.0, 0, 0

    def look(self) -> int:
        self.asked += 1
        return self.behind

    def watchdog(self) -> Watchdog:
        return Watchdog(self.look, lambda: self.now)


def test_a_client_that_stalls_while_records_wait_is_found():
    hands = Hands()
    watch = hands.watchdog()
    hands.behind, hands.now = 3, STUCK_AFTER + 1
    with pytest.raises(Stuck):
        watch.saw(0)


def test_silence_while_nothing_waits_is_well_and_the_bus_is_asked_once_a_minute():
    hands = Hands()
    watch = hands.watchdog()
    for second in range(1, 200):
        hands.now = float(second)
        watch.saw(0)
    assert hands.asked == 3


def test_records_that_come_set_the_watch_back():
    hands = Hands()
    watch = hands.watchdog()
    hands.behind, hands.now = 3, STUCK_AFTER - 1
    watch.saw(2)
    hands.now += STUCK_AFTER - 1
    watch.saw(0)
    assert hands.asked == 0
