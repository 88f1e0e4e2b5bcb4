"""How long each kind of fault was felt, from what the databases and the bus wrote down meanwhile."""

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from sqlalchemy import select

from shared.contracts import all_topics
from shared.contracts.message import decode
from shared.messaging.embedded import EmbeddedLog
from shared.region import Region
from shared.store.tables import inbox, journal

WITHIN = {"consumer": 7.0, "relay": 3.0, "database": 10.0, "broker": 30.0}
# So many of each kind are told one by one; a fault that was over before by less than this may still be felt.
_SLOWEST, _SHORTLY = 5, 12.0


@dataclass(frozen=True)
class Fault:
    """One that was made; `over` is when whoever it struck could begin to recover (killed: at once)."""

    kind: str
    target: str
    at: float
    over: float


@dataclass(frozen=True)
class Recovery:
    """One fault's: from `since`, when it was over and there was something to do, until the first was done.
    `beside` names what else was wrong meanwhile.
    """

    target: str
    since: float
    seconds: float
    beside: Sequence[str] = ()

    def __str__(self) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(self.since))
        return f"{self.seconds:6.2f} s from {clock} {self.target}" + "".join(
            f"; {one}" for one in self.beside
        )


@dataclass(frozen=True)
class Felt:
    """How long one kind was felt, in seconds; `within` is the goal, if there is one."""

    what: str
    times: int
    middle: float
    longest: float
    within: float | None
    slowest: Sequence[Recovery] = ()


Moments = Sequence[tuple[float, float]]


def published(region: Region) -> dict[str, float]:
    """When each fact first stood on the bus, by its id."""
    records = _of_file(region.log) if isinstance(region.log, EmbeddedLog) else _of_broker(region.log)
    found: dict[str, float] = {}
    for value, at in records:
        found.setdefault(decode(value).id, at)
    return found


def _of_file(log: EmbeddedLog) -> Iterator[tuple[bytes, float]]:
    db = log.connect()
    yield from db.execute("SELECT value, at FROM record ORDER BY at")
    db.close()


def _of_broker(log: Any) -> Iterator[tuple[bytes, float]]:
    consumer = KafkaConsumer(**log.connection.options, enable_auto_commit=False)
    places = [
        TopicPartition(topic, number)
        for topic in all_topics()
        for number in consumer.partitions_for_topic(topic) or ()
    ]
    consumer.assign(places)
    consumer.seek_to_beginning()
    left = sum(consumer.end_offsets(places).values())
    while left > 0 and (batch := consumer.poll(timeout_ms=5000)):
        for records in batch.values():
            left -= len(records)
            yield from ((one.value, one.timestamp / 1000) for one in records)
    consumer.close(autocommit=False)


def measured(region: Region, faults: Sequence[Fault], answered: Sequence[tuple[float, str]]) -> list[Felt]:
    """Per kind of fault: the middle and the longest time until the first work after it."""
    on_bus = published(region)
    works = {name: _work_of(runtime, on_bus) for name, runtime in region.runtimes.items()}
    found = recoveries(faults, works, _by_service(answered))
    # What the others are to be compared with: a machine that is too busy is slow without any fault.
    found["any fact to the bus"] = [
        Recovery(name, since, max(0.0, done - since))
        for name, work in works.items()
        for done, since in work.publications
    ] or [Recovery("", 0.0, 0.0)]
    return [_felt(what, all_) for what, all_ in sorted(found.items())]


def recoveries(
    faults: Sequence[Fault], works: Mapping[str, "Work"], webs: Mapping[str, Moments]
) -> dict[str, list[Recovery]]:
    """Of each kind. What another process of the same service delayed, which stood still meanwhile and may
    have held the database's lock, is a kind of its own: no killed process can recover from that.
    """
    found: dict[str, list[Recovery]] = defaultdict(list)
    for number, fault in enumerate(faults):
        for what, moments in _felt_by(fault, works, webs):
            one = _until_first(moments, fault, faults)
            # Struck again before it was over: what would be measured is the other fault.
            if one is None or _struck_again(faults[number + 1 :], fault, one.since + one.seconds):
                continue
            held_up = _another_stood_still(fault, faults, one)
            found[f"{what}, another standing still" if held_up else what].append(one)
    return found


def _felt(what: str, all_: list[Recovery]) -> Felt:
    seconds = [one.seconds for one in all_]
    slowest = sorted(all_, key=lambda one: -one.seconds)[:_SLOWEST]
    return Felt(what, len(all_), median(seconds), max(seconds), WITHIN.get(what), slowest)


class Work(NamedTuple):
    """One service's effects and publications: each as (when it was done, when it could be)."""

    effects: Moments
    publications: Moments


def _work_of(runtime: Any, on_bus: Mapping[str, float]) -> Work:
    with runtime.database.plumbing(writing=False) as db:
        claims = db.execute(select(inbox)).all()
        told = db.execute(select(journal.c.event_id, journal.c.recorded_at)).all()
    return Work(
        sorted(
            (row.claimed_at.timestamp(), on_bus[row.event_id]) for row in claims if row.event_id in on_bus
        ),
        sorted((on_bus[row.event_id], row.recorded_at.timestamp()) for row in told if row.event_id in on_bus),
    )


def _felt_by(
    fault: Fault, works: Mapping[str, Work], webs: Mapping[str, Moments]
) -> Iterator[tuple[str, Moments]]:
    service = fault.target.rpartition(" ")[2]
    if fault.kind == "kill" and fault.target.startswith("worker"):
        yield "consumer", works[service].effects
        yield "relay", works[service].publications
    elif fault.kind == "kill" and fault.target.startswith("web"):
        yield "web", webs.get(service, ())
    elif fault.kind == "container" and fault.target.startswith("worker"):
        yield "consumer anew", works[service].effects
        yield "relay anew", works[service].publications
    elif fault.kind == "pause" and fault.target.startswith("worker"):
        yield "consumer after a pause", works[service].effects
    elif fault.kind in {"broker", "database"}:
        yield fault.kind, sorted(one for work in works.values() for one in work.effects)
    elif fault.target == "together":
        yield (
            f"one process{' anew' if fault.kind == 'container' else ''}",
            sorted(one for work in works.values() for one in work.effects),
        )


def _by_service(answered: Sequence[tuple[float, str]]) -> dict[str, Moments]:
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for at, service in sorted(answered):
        found[service].append((at, at))
    return {name: [(at, 0.0) for at, _ in moments] for name, moments in found.items()}


def _until_first(moments: Moments, fault: Fault, faults: Sequence[Fault]) -> Recovery | None:
    """From when there was something to do (at the earliest the fault's end) until the first was done."""
    first = bisect_right(moments, (fault.over, float("inf")))
    if first == len(moments):
        return None
    at = moments[first][0]
    since = max(fault.over, min(since for done, since in moments[first : first + 200] if done == at))
    return Recovery(fault.target, since, max(0.0, at - since), _beside(fault, faults, since, at))


def _beside(fault: Fault, faults: Sequence[Fault], since: float, until: float) -> list[str]:
    """What else was wrong with the same service, or with a server, at that time or shortly before."""
    service = fault.target.rpartition(" ")[2]
    return [
        f"{one.kind} {one.target} {one.at - since:+.1f} to {one.over - since:+.1f} s"
        for one in faults
        if one is not fault
        and (one.target.endswith(service) or one.kind in {"broker", "database"})
        and one.at < until
        and one.over > since - _SHORTLY
    ]


def _another_stood_still(fault: Fault, faults: Sequence[Fault], felt: Recovery) -> bool:
    service, until = fault.target.rpartition(" ")[2], felt.since + felt.seconds
    return any(
        one.kind == "pause"
        and one.target != fault.target
        and one.target.endswith(f" {service}")
        and one.at < until
        and one.over > felt.since
        for one in faults
    )


def _struck_again(later: Sequence[Fault], fault: Fault, until: float) -> bool:
    same = (one for one in later if one.at < until)
    return any(one.target == fault.target or one.kind in {"broker", "database"} for one in same)
