"""The bus of a region: Kafka through kafka-python, behind the same port and suite as the embedded log.

What the client does not do by itself is done here: a failed future throws the producer away (an idempotent
producer whose batch expired never recovers), back-off is capped at a second, offsets are committed by hand
after the database's commit, membership is static, and its loggers stay at INFO because DEBUG prints records.
"""

import logging
import ssl
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import kafka.errors as faults
from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.structs import OffsetAndMetadata

from shared.errors import Misconfigured, Unavailable
from shared.messaging.ports import Fenced, Message, Record, Standing
from shared.settings import Settings

logging.getLogger("kafka").setLevel(logging.INFO)

PARTITIONS = 6
KEPT_MILLISECONDS = 30 * 86_400_000
_ANSWER = 10_000
_DELIVERY = 30_000

_LOST = (
    faults.CommitFailedError,
    faults.FencedInstanceIdError,
    faults.RebalanceInProgressError,
    faults.IllegalGenerationError,
    faults.UnknownMemberIdError,
)


@dataclass(frozen=True)
class Connection:
    """How to reach the brokers; `kafka://` in the clear, `kafkas://user:password@` over TLS with SCRAM-
    SHA-512.
    """

    options: dict[str, Any]

    @classmethod
    def of(cls, url: str) -> "Connection":
        """From `HEED_BUS_URL`. Raises Misconfigured."""
        parts = urlsplit(url)
        if not parts.netloc:
            raise Misconfigured("HEED_BUS_URL must be kafka://host:port or kafkas://user:password@host:port.")
        hosts = parts.netloc.rpartition("@")[2].split(",")
        options: dict[str, Any] = {"bootstrap_servers": hosts, "reconnect_backoff_max_ms": 1000}
        if parts.scheme == "kafkas":
            options |= {
                "security_protocol": "SASL_SSL" if parts.username else "SSL",
                "ssl_context": ssl.create_default_context(cafile=_authority_file(parts.query)),
            }
        elif parts.username:
            options["security_protocol"] = "SASL_PLAINTEXT"
        if parts.username:
            options |= {
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": unquote(parts.username),
                "sasl_plain_password": unquote(parts.password or ""),
            }
        return cls(options)


def _authority_file(query: str) -> str | None:
    name, _, path = query.partition("=")
    return unquote(path) if name == "cafile" else None


class KafkaLog:
    """A `Log` on Kafka. Build it after the fork: its clients have threads."""

    def __init__(self, settings: Settings) -> None:
        self._open(Connection.of(settings.bus_url))

    @classmethod
    def at(cls, address: str) -> "KafkaLog":
        """On a plain address `host:port`."""
        log = cls.__new__(cls)
        log._open(Connection.of(f"kafka://{address}"))
        return log

    def _open(self, connection: Connection) -> None:
        self.options = connection.options
        self._lock = threading.Lock()
        self._producer: Any = None
        self._admin: Any = None

    def ensure(self, topics: Collection[str]) -> None:
        """Create missing topics, replicated as widely as the cluster allows up to three. Checks the way to
        the brokers.
        """
        missing = sorted(set(topics) - set(self._ask(lambda admin: admin.list_topics())))
        if not missing:
            return
        brokers = len(self._ask(lambda admin: admin.describe_cluster())["brokers"])
        wanted = {
            topic: {
                "num_partitions": PARTITIONS,
                "replication_factor": min(3, brokers),
                "configs": _topic(brokers),
            }
            for topic in missing
        }
        try:
            self._ask(lambda admin: admin.create_topics(wanted, timeout_ms=_ANSWER, wait_for_metadata=True))
        except faults.TopicAlreadyExistsError:
            return

    def append(self, messages: Sequence[Message]) -> None:
        """Acknowledged by all replicas in sync when it returns."""
        with self._lock:
            try:
                producer = self._ready_producer()
                futures = [
                    producer.send(one.topic, key=one.key.encode(), value=one.value) for one in messages
                ]
                producer.flush(timeout=_DELIVERY / 1000)
                for future in futures:
                    future.get(timeout=1)
            except faults.KafkaError as problem:
                self._discard_producer()
                raise _away(problem) from None

    def _ready_producer(self) -> Any:
        if self._producer is None:
            self._producer = KafkaProducer(
                **self.options,
                acks="all",
                enable_idempotence=True,
                delivery_timeout_ms=_DELIVERY,
                request_timeout_ms=_ANSWER,
                linger_ms=2,
                batch_size=131_072,
                compression_type="zstd",
                max_block_ms=_ANSWER,
                allow_auto_create_topics=False,
            )
        return self._producer

    def _discard_producer(self) -> None:
        if self._producer is not None:
            self._producer.close(timeout=0)
            self._producer = None

    def reader(self, group: str, topics: Collection[str], member: str) -> "KafkaReader":
        """Join a group under a static name."""
        return KafkaReader(self.options, group, topics, member)

    def standing(self, group: str, topics: Collection[str]) -> Sequence[Standing]:
        """End offsets minus committed ones."""
        consumer = self._call(lambda: KafkaConsumer(**self.options, group_id=group, enable_auto_commit=False))
        try:
            return [Standing(topic, self._behind(consumer, topic)) for topic in sorted(topics)]
        except faults.KafkaError as problem:
            raise _away(problem) from None
        finally:
            consumer.close(autocommit=False)

    def _behind(self, consumer: Any, topic: str) -> int:
        places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        ends, starts = consumer.end_offsets(places), consumer.beginning_offsets(places)
        return sum(ends[place] - max(starts[place], consumer.committed(place) or 0) for place in places)

    def close(self) -> None:
        """Let what is under way finish for a moment, then go."""
        with self._lock:
            if self._producer is not None:
                self._producer.close(timeout=2)
            if self._admin is not None:
                self._admin.close()
            self._producer = self._admin = None

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        if self._admin is None:
            self._admin = self._call(lambda: KafkaAdminClient(**self.options, request_timeout_ms=_ANSWER))
        try:
            return question(self._admin)
        except faults.TopicAlreadyExistsError:
            raise
        except faults.KafkaError as problem:
            raise _away(problem) from None

    @staticmethod
    def _call(make: Callable[[], Any]) -> Any:
        try:
            return make()
        except faults.KafkaError as problem:
            raise _away(problem) from None


class _Moves(ConsumerRebalanceListener):  # type: ignore[misc]  # the client has no types
    """Notes which partitions went away; runs on the client's own thread, so it does nothing else."""

    def __init__(self) -> None:
        self.gone: set[Any] = set()

    def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        self.gone |= set(revoked)

    def on_partitions_lost(self, lost: Collection[Any]) -> None:
        self.gone |= set(lost)

    def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        """Nothing to do: positions come from the group."""


class KafkaReader:
    """A member of a group on Kafka."""

    def __init__(self, options: dict[str, Any], group: str, topics: Collection[str], member: str) -> None:
        self._moves = _Moves()
        self._next: dict[Any, int] = {}
        try:
            self._consumer = KafkaConsumer(
                **options,
                group_id=group,
                group_instance_id=member,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_poll_interval_ms=300_000,
                session_timeout_ms=6_000,
                heartbeat_interval_ms=1_500,
                allow_auto_create_topics=False,
                fetch_max_wait_ms=100,
                # The cooperative assignor of 3.0.12 stops fetching what a member keeps in a rebalance.
                partition_assignment_strategy=[RoundRobinPartitionAssignor],
            )
            self._consumer.subscribe(topics=sorted(topics), listener=self._moves)
            # A leader that joins before it knows the topics' partitions deals out none.
            for topic in topics:
                self._consumer.partitions_for_topic(topic)
        except faults.KafkaError as problem:
            raise _away(problem) from None

    def poll(self, timeout: float, limit: int) -> Sequence[Record]:
        """Flat, in order within each partition."""
        try:
            found = self._consumer.poll(timeout_ms=int(timeout * 1000), max_records=limit)
        except faults.FencedInstanceIdError:
            raise Fenced from None
        except faults.KafkaError as problem:
            raise _away(problem) from None
        records = []
        for place, batch in found.items():
            records += [_record(one) for one in batch]
            self._next[place] = batch[-1].offset + 1
        return records

    def commit(self) -> None:
        """What was polled, unless a partition of it went to another member."""
        offsets, self._next = self._next, {}
        gone, self._moves.gone = self._moves.gone, set()
        if gone & set(offsets):
            raise Fenced
        try:
            self._consumer.commit(
                {place: OffsetAndMetadata(after, "", -1) for place, after in offsets.items()},
                timeout_ms=4_000,
            )
        except _LOST:
            raise Fenced from None
        except faults.KafkaError as problem:
            raise _away(problem) from None

    def close(self) -> None:
        """A static member's place is kept for its return until the session ends."""
        self._consumer.close(autocommit=False, timeout_ms=5_000)


def _record(found: Any) -> Record:
    key = (found.key or b"").decode("utf-8", "replace")
    return Record(found.topic, found.partition, found.offset, key, found.value or b"")


def _topic(brokers: int) -> dict[str, str]:
    return {
        "retention.ms": str(KEPT_MILLISECONDS),
        "cleanup.policy": "delete",
        "max.message.bytes": "1048576",
        "min.insync.replicas": "2" if brokers >= 3 else "1",
        # Rather no bus for a while than one that forgot facts which services already acted on.
        "unclean.leader.election.enable": "false",
    }


def _away(problem: Exception) -> Unavailable:
    if isinstance(problem, faults.SaslAuthenticationFailedError | faults.AuthorizationError):
        return Unavailable(
            "The bus refuses this process: check the user, password and rights of HEED_BUS_URL."
        )
    return Unavailable("The bus does not answer: check HEED_BUS_URL and that its brokers are up.")
