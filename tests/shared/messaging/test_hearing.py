"""Whether a consumer keeps up is asked of the bus, now and then: silence alone proves nothing."""

import pytest

from shared.errors import Unavailable
from shared.messaging.hearing import Hearing


class Bus:
    def __init__(self) -> None:
        self.now, self.behind, self.asked, self.away = 0.0, 0, 0, False

    def look(self) -> int:
        self.asked += 1
        if self.away:
            raise Unavailable("The bus does not answer.")
        return self.behind

    def hearing(self) -> Hearing:
        return Hearing(self.look, lambda: self.now)


def test_a_bus_where_nothing_waits_is_kept_up_with():
    bus = Bus()
    assert bus.hearing().keeps_up(0)


def test_the_bus_is_asked_every_five_seconds_only():
    bus = Bus()
    hearing = bus.hearing()
    for tenth in range(100):
        bus.now = tenth / 10
        hearing.keeps_up(1)
    assert bus.asked == 2


def test_what_comes_in_while_facts_are_heard_is_no_delay_and_a_heap_is():
    bus = Bus()
    hearing = bus.hearing()
    hearing.keeps_up(0)
    for now, heard, behind, level in ((5, 200, 150, True), (10, 200, 900, False), (15, 0, 1, False)):
        bus.now, bus.behind = float(now), behind
        assert hearing.keeps_up(heard) is level


def test_a_bus_that_is_away_is_never_kept_up_with():
    bus = Bus()
    hearing, bus.away = bus.hearing(), True
    with pytest.raises(Unavailable):
        hearing.keeps_up(0)
    bus.away = False
    assert not hearing.keeps_up(0), "It is not asked again at once."
    bus.now = 5.0
    assert hearing.keeps_up(0)
