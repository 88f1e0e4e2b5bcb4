"""The `Log` on Kafka."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from kafka import KafkaAdminClient, KafkaProducer, errors

from shared.messaging.kafka import topics as topics_
from shared.messaging.kafka.connection import Connection
from shared.messaging.kafka.faults import meaning
from shared.messaging.kafka.positions import standing
from shared.messaging.kafka.reader import KafkaReader
from shared.messaging.ports import Message, Standing, Use
from shared.settings import Settings

T = TypeVar("T")

_DELIVERY = 30_000
_PAUSES = (0.2, 0.5, 1.0, 2.0)


class KafkaLog:
    """Build it after the fork: its clients have threads."""

    def __init__(self, settings: Settings, delivery: int = _DELIVERY) -> None:
        self._open(Connection.of(settings.bus_url), delivery)

    @classmethod
    def at(cls, url: str, delivery: int = _DELIVERY) -> "KafkaLog":
        """At an address `kafka://…`; `delivery` is how many milliseconds the brokers have to take a batch."""
        log = cls.__new__(cls)
        log._open(Connection.of(url), delivery)
        return log

    def _open(self, connection: Connection, delivery: int) -> None:
        self.connection, self._delivery = connection, delivery
        self._lock, self._asking = threading.Lock(), threading.Lock()
        self._producer: Any = None
        self._admin: Any = None

    def ensure(self, topics: Collection[str]) -> None:
        """Create missing topics, check the others."""
        self._ask(lambda admin: topics_.create(admin, topics))
        self._ask(lambda admin: topics_.check_kept(admin, topics))

    def check(self, use: Use) -> None:
        """By what the brokers say of this user's rights; nothing is written."""
        self._ask(lambda admin: topics_.check_use(admin, use))

    def append(self, messages: Sequence[Message]) -> None:
        """Acknowledged by all replicas in sync when it returns."""
        with self._lock:
            try:
                producer = self._ready_producer()
                futures = [
                    producer.send(one.topic, key=one.key.encode(), value=one.value) for one in messages
                ]
                producer.flush(timeout=self._delivery / 1000)
                for future in futures:
                    future.get(timeout=1)
            except errors.KafkaError as problem:
                self._discard_producer()
                raise meaning(problem) from None

    def _ready_producer(self) -> Any:
        if self._producer is None:
            self._producer = KafkaProducer(**self.connection.options, **self._producing())
        return self._producer

    def _producing(self) -> dict[str, Any]:
        return {
            # Other values of acks or retries would switch idempotence off with no more than a warning.
            "acks": "all",
            "enable_idempotence": True,
            "delivery_timeout_ms": self._delivery,
            "request_timeout_ms": min(topics_.ANSWER, self._delivery // 2),
            "linger_ms": 2,
            "batch_size": 131_072,
            "compression_type": "zstd",
            "max_block_ms": topics_.ANSWER,
            "allow_auto_create_topics": False,
        }

    def _discard_producer(self) -> None:
        gone, self._producer = self._producer, None
        # What it still holds was not acknowledged and is appended again; it may complain about that.
        with suppress(errors.KafkaError):
            if gone is not None:
                gone.close(timeout=0)

    def forget(self, topics: Collection[str]) -> None:
        """By the brokers, up to where the topics end now."""
        self._ask(lambda admin: topics_.empty(admin, topics))

    def reader(self, group: str, topics: Collection[str], member: str) -> KafkaReader:
        """Join a group under a static name."""
        return KafkaReader(self.connection.options, group, topics, member)

    def standing(self, group: str, topics: Collection[str]) -> Sequence[Standing]:
        """End offsets minus committed ones, by the client that is open already."""
        return self._ask(partial(standing, group=group, topics=topics))

    def close(self) -> None:
        """Let what is under way finish for a moment, then go."""
        with self._lock:
            if self._producer is not None:
                self._producer.close(timeout=2)
                self._producer = None
        self._discard_admin()

    def _ask(self, question: Callable[[Any], T]) -> T:
        try:
            return self._patiently(question)
        except errors.KafkaError as problem:
            # The client remembers a refusal for as long as it lives, also after it was lifted.
            self._discard_admin()
            raise meaning(problem) from None

    def _patiently(self, question: Callable[[Any], T]) -> T:
        for pause in _PAUSES:
            try:
                return question(self._ready_admin())
            except (errors.CoordinatorNotAvailableError, errors.NotCoordinatorError):
                # A fresh cluster, or one that just lost a broker, is looking for somebody to keep the group.
                time.sleep(pause)
        return question(self._ready_admin())

    def _ready_admin(self) -> Any:
        with self._asking:
            if self._admin is None:
                try:
                    self._admin = KafkaAdminClient(
                        **self.connection.options, request_timeout_ms=topics_.ANSWER
                    )
                except errors.KafkaError:
                    raise self.connection.obstacle() from None
            return self._admin

    def _discard_admin(self) -> None:
        with self._asking:
            if self._admin is not None:
                self._admin.close()
            self._admin = None
