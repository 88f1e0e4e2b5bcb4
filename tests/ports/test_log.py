"""What every bus must do: embedded, Kafka, and the simulated one while its faults are off."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from shared.messaging.embedded import SESSION, EmbeddedLog
from shared.messaging.ports import Fenced, Log, Message, Reader, Record
from tests.faults.simulated_log import Broker, SimulatedLog

Opener = Callable[[], Log]


@pytest.fixture(params=["embedded", "simulated", pytest.param("kafka", marks=pytest.mark.servers)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same bus again each time it is called, as another process would."""
    logs: list[Log] = []

    def embedded() -> Log:
        logs.append(EmbeddedLog(tmp_path / "bus.db"))
        return logs[-1]

    def kafka() -> Log:
        from shared.messaging.kafka import KafkaLog

        logs.append(KafkaLog.at(f"kafka://{request.getfixturevalue('kafka_address')}"))
        return logs[-1]

    def simulated() -> Log:
        logs.append(SimulatedLog(broker))
        return logs[-1]

    broker = Broker()
    yield {"embedded": embedded, "simulated": simulated, "kafka": kafka}[request.param]
    for log in logs:
        log.close()


@pytest.fixture
def topic(opened: Opener) -> str:
    """A fresh topic."""
    name = f"heed.test.{uuid4().hex[:8]}"
    opened().ensure([name])
    return name


def messages(topic: str, key: str, *values: int) -> list[Message]:
    return [Message(topic, key, str(value).encode()) for value in values]


def drain(reader: Reader, count: int, seconds: float = 60.0) -> list[Record]:
    """At least `count` records, or what came until the time is over."""
    found: list[Record] = []
    until = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < until:
        found += reader.poll(0.2, 100)
    return found


def values(records: list[Record], key: str) -> list[int]:
    return [int(record.value) for record in records if record.key == key]


def test_records_of_a_key_arrive_in_the_order_they_were_appended(opened: Opener, topic: str):
    log = opened()
    for start in range(0, 50, 10):
        for key in ("a", "b", "c"):
            log.append(messages(topic, key, *range(start, start + 10)))
    records = drain(log.reader(f"group-{topic}", [topic], "m"), 150)
    assert all(values(records, key) == list(range(50)) for key in ("a", "b", "c"))


def test_a_new_group_starts_at_the_earliest_record(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2))
    assert values(drain(log.reader(f"late-{topic}", [topic], "m"), 2), "a") == [1, 2]


def test_each_group_reads_every_record(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2, 3))
    for group in (f"one-{topic}", f"two-{topic}"):
        assert values(drain(log.reader(group, [topic], "m"), 3), "a") == [1, 2, 3]


def test_what_was_not_committed_is_read_again(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2))
    reader = log.reader(f"group-{topic}", [topic], "m")
    assert values(drain(reader, 2), "a") == [1, 2]
    reader.close()
    assert values(drain(opened().reader(f"group-{topic}", [topic], "m"), 2), "a") == [1, 2]


def test_what_was_committed_is_not_read_again(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2))
    reader = log.reader(f"group-{topic}", [topic], "m")
    drain(reader, 2)
    reader.commit()
    log.append(messages(topic, "a", 3))
    reader.close()
    assert values(drain(opened().reader(f"group-{topic}", [topic], "m"), 1), "a") == [3]


def test_records_survive_a_reopened_bus(opened: Opener, topic: str):
    first = opened()
    first.append(messages(topic, "a", 1))
    first.close()
    assert values(drain(opened().reader(f"group-{topic}", [topic], "m"), 1), "a") == [1]


def test_two_members_share_the_keys_between_them(opened: Opener, topic: str):
    log = opened()
    readers = [log.reader(f"group-{topic}", [topic], name) for name in ("m1", "m2")]
    settle_membership(log, readers, topic)
    keys = [f"key-{number}" for number in range(40)]
    log.append([message for key in keys for message in messages(topic, key, 1, 2)])
    shares = share_out(readers, 80)
    assert all(shares)
    assert sorted(record.key for share in shares for record in share) == sorted(keys * 2)


def test_a_member_that_lost_its_place_cannot_commit(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2))
    old = log.reader(f"group-{topic}", [topic], "m")
    assert drain(old, 2)
    newcomer = log.reader(f"group-{topic}", [topic], "m")
    assert values(drain(newcomer, 2), "a") == [1, 2]
    with pytest.raises(Fenced):
        old.commit()
    newcomer.commit()


def test_a_waiting_reader_wakes_when_something_is_appended(opened: Opener, topic: str):
    log = opened()
    reader = log.reader(f"group-{topic}", [topic], "m")
    drain(reader, 1, seconds=0.5)
    threading.Timer(0.3, lambda: opened().append(messages(topic, "a", 1))).start()
    assert values(drain(reader, 1), "a") == [1]


def test_standing_counts_what_is_not_committed(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2, 3))
    reader = log.reader(f"group-{topic}", [topic], "m")
    drain(reader, 3)
    assert [(one.topic, one.behind) for one in log.standing(f"group-{topic}", [topic])] == [(topic, 3)]
    reader.commit()
    assert [(one.topic, one.behind) for one in log.standing(f"group-{topic}", [topic])] == [(topic, 0)]


def test_what_was_forgotten_is_read_by_nobody_and_what_comes_after_it_is(opened: Opener, topic: str):
    log = opened()
    log.append(messages(topic, "a", 1, 2))
    reader = log.reader(f"group-{topic}", [topic], "m")
    drain(reader, 2)
    reader.commit()
    log.append(messages(topic, "b", 3))
    log.forget([topic])
    log.append(messages(topic, "a", 4))
    assert [int(one.value) for one in drain(reader, 1)] == [4]
    assert [int(one.value) for one in drain(log.reader(f"late-{topic}", [topic], "m"), 1)] == [4]


def settle_membership(log: Log, readers: list[Reader], topic: str) -> None:
    """Until both members have got something: a bus may take its time to hand partitions over."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        log.append([message for number in range(20) for message in messages(topic, f"warm-{number}", 0)])
        shares = share_out(readers, 20, seconds=3)
        for reader in readers:
            with suppress(Fenced):
                reader.commit()
        if all(shares):
            share_out(readers, 1, seconds=0.5)
            return
    raise AssertionError("One member got nothing within a minute.")


def share_out(readers: list[Reader], count: int, seconds: float = 30.0) -> list[list[Record]]:
    shares: list[list[Record]] = [[] for _ in readers]
    until = time.monotonic() + seconds
    while sum(map(len, shares)) < count and time.monotonic() < until:
        for share, reader in zip(shares, readers, strict=True):
            share.extend(reader.poll(0.2, 100))
    return shares


def test_a_member_that_falls_silent_loses_its_partitions(tmp_path: Path):
    now = [1000.0]
    log = EmbeddedLog(tmp_path / "bus.db", now=lambda: now[0])
    log.ensure(["t"])
    silent = log.reader("group", ["t"], "m1")
    silent.poll(0, 1)
    other = log.reader("group", ["t"], "m2")
    now[0] += SESSION + 1
    log.append([message for number in range(12) for message in messages("t", f"k{number}", number)])
    assert len(drain(other, 12, seconds=2)) == 12
    other.commit()
    with pytest.raises(Fenced):
        silent.commit()


def test_a_pruned_partition_goes_on_at_its_head(tmp_path: Path):
    now = [1000.0]
    log = EmbeddedLog(tmp_path / "bus.db", now=lambda: now[0])
    log.ensure(["t"])
    log.append(messages("t", "a", 1))
    now[0] += 31 * 86_400
    log.ensure(["t"])
    log.append(messages("t", "a", 2))
    assert values(drain(log.reader("group", ["t"], "m"), 1, seconds=1), "a") == [2]
