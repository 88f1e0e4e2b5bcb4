"""All benchmarks, or those that are named, as one table."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import asdict
from pathlib import Path

from shared.errors import Refused
from tests.bench import audit, bus, five, overload, pages, pipeline, rebuild, visible
from tests.bench.table import HEAD, Machine, Plan, Row, this_machine, told
from tests.faults.lab import own_servers

BENCHES: dict[str, Callable[[Plan], Iterator[Row]]] = {
    "bus": bus.rows,
    "pipeline": pipeline.rows,
    "five": five.rows,
    "visible": visible.rows,
    "pages": pages.rows,
    "overload": overload.rows,
    "rebuild": rebuild.rows,
    "audit": audit.rows,
}


def chosen(names: Sequence[str]) -> list[str]:
    """Those of the names, or all. Raises Refused for one that does not exist."""
    for name in names:
        if name not in BENCHES:
            raise Refused(f"There is no benchmark of that name; choose from {', '.join(BENCHES)}.")
    return list(names or BENCHES)


@contextmanager
def planned(size: float, rounds: int, *, servers: bool) -> Iterator[Plan]:
    """The plan; with servers of the run's own for as long as the block lasts."""
    if not servers:
        yield Plan(size, rounds)
        return
    with own_servers() as lab:
        yield Plan(size, rounds, lab.environment)


def measured(names: Sequence[str], plan: Plan, machine: Machine) -> Iterator[Row]:
    """Each row as soon as it is there. What the measured code logs meanwhile is written, as it is where it
    runs, but nobody sees it."""
    for name in names:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
            for row in BENCHES[name](plan):
                machine.look()
                yield row


def perform(names: Sequence[str], plan: Plan, form: str, say: Callable[[str], None]) -> list[Row]:
    """Measure and tell, for people line by line or for programs at the end."""
    machine, found = this_machine(), []
    machine.look()
    if form == "text":
        say(HEAD)
    for row in measured(chosen(names), plan, machine):
        found.append(row)
        if form == "text":
            say(told(row))
    say(_where(machine) if form == "text" else _document(found, machine))
    return found


def _where(machine: Machine) -> str:
    load = f"{min(machine.load)} to {max(machine.load)}"
    return (
        f"{machine.cores} cores of {machine.processor}, {machine.memory_gb} GB, Python {machine.python}; "
        f"load {load}"
    )


def _document(found: Sequence[Row], machine: Machine) -> str:
    lines = [{**asdict(row), "figure": row.figure, "reached": row.reached} for row in found]
    return json.dumps({"machine": asdict(machine), "rows": lines})
