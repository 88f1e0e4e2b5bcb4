"""The broker crashes and comes back: what was acknowledged is there, and nobody has to do anything."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.messaging.kafka import KafkaLog
from shared.messaging.ports import Fenced, Message, Reader
from tests.ports.secured_broker import SecuredBroker

pytestmark = pytest.mark.servers
TOPIC = "heed.test.outage"
SHORT = 3_000
PATIENCE = 30.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[SecuredBroker]:
    made = SecuredBroker(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.kill()


def until_it_answers(act: Callable[[], None]) -> float:
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        try:
            act()
            return time.monotonic() - started
        except Unavailable:
            time.sleep(0.2)
    raise AssertionError(f"It did not work again within {PATIENCE:.0f} seconds.")


def read_up_to(reader: Reader, value: bytes) -> list[bytes]:
    """As a worker reads: whatever comes, and again after an answer that did not come."""
    found: list[bytes] = []
    until = time.monotonic() + PATIENCE
    while value not in found and time.monotonic() < until:
        try:
            found += [one.value for one in reader.poll(0.2, 100)]
        except Unavailable:
            time.sleep(0.2)
    return found


def commit(reader: Reader, last: bytes) -> None:
    """A broker may forget a member with its crash, which then reads again what it could not commit."""
    try:
        reader.commit()
    except Fenced:
        assert last in read_up_to(reader, last)
        reader.commit()


def test_appending_and_reading_go_on_by_themselves_after_the_broker_crashed(broker: SecuredBroker):
    log = KafkaLog.at(broker.url(), delivery=SHORT)
    log.ensure([TOPIC])
    reader = log.reader("outage", [TOPIC], "m")
    log.append([Message(TOPIC, "a", b"1")])
    assert read_up_to(reader, b"1") == [b"1"]
    reader.commit()
    broker.kill()
    with pytest.raises(Unavailable, match="does not answer"):
        log.append([Message(TOPIC, "a", b"2")])
    assert log._producer is None, "An idempotent producer whose batch expired never recovers."
    assert list(reader.poll(0.2, 10)) == []
    with pytest.raises(Unavailable, match="does not answer"):
        log.standing("outage", [TOPIC])
    broker.run()
    assert until_it_answers(lambda: log.append([Message(TOPIC, "a", b"3")])) < PATIENCE
    # The batch that expired may have arrived or not; it was not acknowledged.
    assert [one for one in read_up_to(reader, b"3") if one != b"2"] == [b"3"]
    commit(reader, b"3")
    assert [one.behind for one in log.standing("outage", [TOPIC])] == [0]
    reader.close()
    log.close()
