"""The bus alone: the embedded log and, with servers, Kafka beside it in the same run."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from multiprocessing.connection import Connection

from shared.messaging.open import open_log
from shared.messaging.ports import Log, Message, Reader
from shared.settings import from_environment
from tests.bench.places import environments, folder
from tests.bench.table import Plan, Row, p99, spent

TOPIC, GROUP = "heed.casework.case", "bench"
SINGLE, MANY, TOGETHER = 1_000, 20_000, 500
A_SECOND, SECONDS = 300, 10
# Embedded against Kafka: what is lost by having no broker to set up.
SHARE = 0.9
# A fact in its envelope is about so long.
_VALUE = b"x" * 700
_PATIENCE = 30.0

Rounds = Mapping[str, Sequence[float]]


def rows(plan: Plan) -> Iterator[Row]:
    """Each measure on every engine, one after the other, so that they meet the same machine."""
    with folder() as place:
        # Only the bus of the engines works here.
        places = {name.rpartition(", ")[2]: one for name, one in environments(plan, place)}
        single, many = plan.count(SINGLE, 10), plan.count(MANY, TOGETHER)
        yield from _beside("append one by one", "a second", _each(places, plan, partial(_append, single, 1)))
        yield from _beside(
            f"append {TOGETHER} at once", "a second", _each(places, plan, partial(_append, many, TOGETHER))
        )
        yield from _beside("consume and commit", "a second", _each(places, plan, partial(_consume, many)))
        yield from _delays(places, plan)


def _each(
    places: Mapping[str, dict[str, str]], plan: Plan, measure: Callable[[Log], float]
) -> dict[str, list[float]]:
    return {name: [_opened(place, measure) for _ in range(plan.rounds)] for name, place in places.items()}


def _opened(environment: dict[str, str], measure: Callable[[Log], float]) -> float:
    with closing(open_log(from_environment(environment))) as log:
        log.ensure([TOPIC])
        return measure(log)


def _beside(what: str, unit: str, found: Rounds) -> Iterator[Row]:
    """The embedded log's goal is its share of what Kafka did; without Kafka it has none."""
    for name, rounds in found.items():
        row = Row(f"bus: {what}, {name}", unit, rounds)
        kafka = Row("", unit, next((other for one, other in found.items() if one != name), ())).figure
        if name == "SQLite" and row.figure and kafka:
            row = Row(row.what, unit, rounds, least=SHARE * kafka, ratio=row.figure / kafka, baseline="Kafka")
        yield row


def _messages(count: int) -> list[Message]:
    return [Message(TOPIC, f"case-{number % 500}", _VALUE) for number in range(count)]


def _append(count: int, together: int, log: Log) -> float:
    messages = _messages(count)
    batches = [messages[first : first + together] for first in range(0, count, together)]

    def all_of_them() -> None:
        for batch in batches:
            log.append(batch)

    return count / spent(all_of_them).wall


def _consume(count: int, log: Log) -> float:
    with closing(_at_the_end(log)) as reader:
        log.append(_messages(count))
        return count / spent(partial(_drain, reader, count)).wall


def _at_the_end(log: Log) -> Reader:
    """A member of the one group of all rounds, behind what the others have left."""
    reader = log.reader(GROUP, [TOPIC], GROUP)
    while any(one.behind for one in log.standing(GROUP, [TOPIC])):
        reader.poll(_PATIENCE, TOGETHER)
        reader.commit()
    return reader


def _drain(reader: Reader, count: int) -> None:
    while count > 0:
        found = reader.poll(_PATIENCE, TOGETHER)
        if not found:
            raise RuntimeError(f"{count} records did not come.")
        reader.commit()
        count -= len(found)


def _delays(places: Mapping[str, dict[str, str]], plan: Plan) -> Iterator[Row]:
    count = plan.count(A_SECOND * SECONDS, 30)
    for name, environment in places.items():
        delays = [_delay(environment, count) for _ in range(plan.rounds)]
        note = (
            f"one process to another at {A_SECOND} a second; half within {min(map(_middle, delays)):.1f} ms"
        )
        yield Row(f"bus: on its way, {name}", "ms p99", [p99(one) for one in delays], most=20.0, note=note)


def _middle(delays: Sequence[float]) -> float:
    return sorted(delays)[len(delays) // 2]


def _delay(environment: dict[str, str], count: int) -> list[float]:
    """Milliseconds from just before an append until another process holds the record."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    with closing(open_log(from_environment(environment))) as log:
        log.ensure([TOPIC])
        listener = spawn.Process(target=listen, args=(environment, count, theirs))
        listener.start()
        if not mine.poll(_PATIENCE):
            raise RuntimeError("The listener did not start.")
        mine.recv()
        _pace(log, count)
        if not mine.poll(_PATIENCE):
            raise RuntimeError("The listener did not hear everything.")
        delays: list[float] = mine.recv()
        listener.join(_PATIENCE)
    return delays


def _pace(log: Log, count: int) -> None:
    # Each is due at a moment of its own: a slow append makes the next ones late, and that counts.
    start = time.time()
    for number in range(count):
        due = start + number / A_SECOND
        time.sleep(max(0.0, due - time.time()))
        log.append([Message(TOPIC, f"case-{number % 500}", str(due).encode().ljust(700))])


def listen(environment: dict[str, str], count: int, answers: Connection) -> None:
    """The other process: ready when it has its place in the group, then so many delays."""
    with (
        closing(open_log(from_environment(environment))) as log,
        closing(_at_the_end(log)) as reader,
    ):
        # A member has its partitions after its first poll.
        reader.poll(1.0, TOGETHER)
        answers.send("ready")
        delays: list[float] = []
        while len(delays) < count:
            found = reader.poll(_PATIENCE, TOGETHER)
            arrived = time.time()
            delays += [1_000 * (arrived - float(one.value)) for one in found]
            reader.commit()
        answers.send(delays)
