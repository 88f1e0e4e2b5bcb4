"""What the Kafka client does not do by itself, on a real broker."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource
from kafka.errors import KafkaTimeoutError

from shared.errors import Misconfigured, Unavailable
from shared.messaging.kafka import KafkaLog
from shared.messaging.kafka.connection import Connection
from shared.messaging.kafka.positions import Places, Standstill
from shared.messaging.kafka.topics import PARTITIONS
from shared.messaging.ports import Fenced, Stuck, Use
from tests.ports.test_log import drain, messages, values

pytestmark = pytest.mark.servers
NOBODY = "kafka://127.0.0.1:9"


@pytest.fixture
def url(kafka_address: str) -> str:
    return f"kafka://{kafka_address}"


@pytest.fixture
def log(url: str) -> Iterator[KafkaLog]:
    made = KafkaLog.at(url)
    yield made
    made.close()


@pytest.fixture
def admin(url: str) -> Iterator[KafkaAdminClient]:
    made = KafkaAdminClient(**Connection.of(url).options)
    yield made
    made.close()


@pytest.fixture
def topic(log: KafkaLog) -> str:
    name = f"heed.test.{uuid4().hex[:8]}"
    log.ensure([name])
    return name


def test_what_is_appended_is_acknowledged_by_all_replicas_and_once(log: KafkaLog, topic: str):
    log.append(messages(topic, "a", 1))
    chosen = log._producer.config
    assert chosen["acks"] in ("all", -1) and chosen["enable_idempotence"] is True
    assert chosen["retries"] > 0 and chosen["reconnect_backoff_max_ms"] == 1000


_SAYS_EVERYTHING = """
import logging, sys
from shared.messaging.kafka import KafkaLog
from shared.messaging.ports import Message

logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, force=True)
url, topic = sys.argv[1:]
log = KafkaLog.at(url)
log.ensure([topic])
log.append([Message(topic, "zebedee-key", b"zebedee-value")])
reader = log.reader(f"group-{topic}", [topic], "m")
found = []
while not found:
    found = reader.poll(1.0, 10)
reader.commit()
reader.close()
log.close()
"""


def test_no_record_reaches_the_log_even_when_everything_is_to_be_logged(url: str):
    topic = f"heed.test.{uuid4().hex[:8]}"
    done = subprocess.run(
        [sys.executable, "-c", _SAYS_EVERYTHING, url, topic],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout + done.stderr
    assert topic in said, "The client has said nothing, which proves nothing."
    assert "zebedee" not in said


def test_a_member_that_comes_back_goes_on_at_once(log: KafkaLog, topic: str):
    group = f"group-{topic}"
    first = log.reader(group, [topic], "m")
    log.append(messages(topic, "a", 1))
    assert drain(first, 1)
    first.commit()
    first.close()
    log.append(messages(topic, "a", 2))
    started = time.monotonic()
    again = log.reader(group, [topic], "m")
    assert values(drain(again, 1), "a") == [2]
    assert time.monotonic() - started < 4, "A session of six seconds was waited for."
    again.close()


def test_a_member_that_the_group_knows_no_more_joins_anew_and_reads_again(log: KafkaLog, topic: str):
    group = f"group-{topic}"
    log.append(messages(topic, "a", 1))
    forgotten = log.reader(group, [topic], "m")
    assert drain(forgotten, 1)
    successor = log.reader(group, [topic], "m")
    drain(successor, 1)
    successor.close()
    with pytest.raises(Fenced):
        forgotten.commit()
    started = time.monotonic()
    assert values(drain(forgotten, 1), "a") == [1]
    forgotten.commit()
    assert time.monotonic() - started < 10, "It waited for somebody to notice."
    forgotten.close()
    assert [one.behind for one in log.standing(group, [topic])] == [0]


def test_where_a_group_stands_is_asked_over_one_connection(log: KafkaLog, topic: str):
    log.append(messages(topic, "a", 1, 2))
    assert [one.behind for one in log.standing(f"group-{topic}", [topic])] == [2]
    client, started = log._admin, time.monotonic()
    for _ in range(20):
        log.standing(f"group-{topic}", [topic, "heed.test.nowhere"])
    assert log._admin is client
    assert (time.monotonic() - started) / 20 < 0.25


def test_a_partition_that_stands_still_while_records_wait_is_noticed(log: KafkaLog, topic: str):
    reader = log.reader(f"group-{topic}", [topic], "m")
    log.append(messages(topic, "a", 1))
    first = drain(reader, 1)
    reader._standstill = Standstill(reader._places, every=0.2, after=1.0)
    log.append(messages(topic, "b", *range(5)))
    drain(reader, 5)
    for _ in range(10):
        reader.poll(0.2, 10)
    stalled = next(place for place in reader._consumer.assignment() if place.partition == first[0].partition)
    reader._consumer.pause(stalled)
    log.append(messages(topic, "a", 2))
    with pytest.raises(Stuck):
        drain(reader, 1, seconds=20)
    reader.close()


def test_a_look_that_fails_drops_nothing_that_was_read(log: KafkaLog, topic: str):
    def away() -> Places:
        raise KafkaTimeoutError("The broker crashed just now.")

    reader = log.reader(f"group-{topic}", [topic], "m")
    log.append(messages(topic, "a", 1))
    drain(reader, 1)
    log.append(messages(topic, "a", 2, 3))
    watched, reader._standstill = reader._standstill, Standstill(away, every=0.0)
    for _ in range(10):
        with pytest.raises(Unavailable):
            reader.poll(0.2, 1)
    reader._standstill = watched
    assert values(drain(reader, 2), "a") == [2, 3]
    reader.close()


def test_missing_topics_are_named_with_what_makes_them(log: KafkaLog):
    use = Use("casework", frozenset({"heed.test.nowhere"}), frozenset())
    with pytest.raises(Unavailable, match="heed migrate"):
        log.check(use)


def test_nobody_joins_for_topics_that_are_missing(log: KafkaLog, topic: str):
    with pytest.raises(Unavailable, match="heed migrate"):
        log.reader(f"group-{topic}", [topic, "heed.test.nowhere"], "m")


def test_a_use_that_is_allowed_passes(log: KafkaLog, topic: str):
    log.check(Use(f"group-{topic}", frozenset({topic}), frozenset({topic})))


@pytest.mark.parametrize(
    ("key", "value"),
    [("retention.ms", "3600000"), ("cleanup.policy", "compact"), ("max.message.bytes", "1000")],
)
def test_a_topic_that_is_not_kept_as_promised_is_named(
    log: KafkaLog, admin: KafkaAdminClient, topic: str, key: str, value: str
):
    admin.alter_configs([ConfigResource("topic", topic, {key: value})])
    # The brokers hear of a change a moment after it was accepted.
    for _ in range(20):
        time.sleep(0.1)
        with suppress(Misconfigured):
            log.ensure([topic])
            continue
        break
    with pytest.raises(Misconfigured, match=f"{topic} has {key}={value} and needs"):
        log.ensure([topic])


def test_a_topic_with_too_few_partitions_is_named(log: KafkaLog, admin: KafkaAdminClient):
    name = f"heed.test.{uuid4().hex[:8]}"
    admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    with pytest.raises(Misconfigured, match=f"{name} has 1 partitions and needs {PARTITIONS}"):
        log.ensure([name])


def _ask(url: str) -> Callable[[], object]:
    return lambda: KafkaLog.at(url).standing("anybody", ["heed.intake.contact"])


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (NOBODY, "does not answer: check HEED_BUS_URL"),
        ("kafka://no-such-broker.invalid:9092", "No machine is known by the name no-such-broker.invalid"),
    ],
)
def test_a_wrong_address_is_told_in_words(wrong: str, sentence: str):
    with pytest.raises(Unavailable, match=sentence):
        _ask(wrong)()


@pytest.mark.parametrize("wrong", ["kafka://", "kafka://broker", "kafkas://user:word@:9092", "kafka://a:1,b"])
def test_an_address_without_host_and_port_is_refused(wrong: str):
    with pytest.raises(Misconfigured, match="kafka://host:port"):
        KafkaLog.at(wrong)


@pytest.mark.parametrize("query", ["cafile=/no/such/file", "certfile=/no/such/file", "mode=strict"])
def test_an_option_of_the_address_that_cannot_be_is_refused(query: str):
    with pytest.raises(Misconfigured, match="HEED_BUS_URL"):
        KafkaLog.at(f"kafkas://broker:9093?{query}")


def test_tls_towards_a_broker_in_the_clear_is_told_in_words(kafka_address: str):
    with pytest.raises(Misconfigured, match="do not accept TLS"):
        _ask(f"kafkas://user:word@{kafka_address}")()
