"""Loads of a register: their rows waiting in chunks, how far they came, and what was wrong with which row."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update

from services.search.domain.register import Problem, Row
from services.search.store import sealing
from services.search.store.load_tables import chunk, load, problem
from shared.store.transaction import Transaction

RUNNING, DONE = "running", "done"


@dataclass(frozen=True)
class Tally:
    """What became of rows: settings added, changed, left as they were, joined with another; rows refused."""

    added: int = 0
    changed: int = 0
    same: int = 0
    joined: int = 0
    refused: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


@dataclass(frozen=True)
class Load:
    """One file of a register: `rows` in all, `done` of them so far."""

    load_id: str
    state: str
    started_by: str
    started_at: datetime
    rows: int
    done: int = 0
    ended_at: datetime | None = None
    tally: Tally = Tally()


_PLAIN = tuple(one.name for one in fields(Load) if one.name != "tally")
_COUNTS = tuple(one.name for one in fields(Tally))


@dataclass(frozen=True)
class Chunk:
    """Rows that wait together, under the heading of their file."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]


def wait(tx: Transaction[Any], load_id: str, number: int, waiting: Chunk) -> None:
    """Rows wait to be entered."""
    body = sealing.seal(tx, f"register_chunk/{load_id}/{number}", waiting)
    tx.db.execute(insert(chunk).values(authority=tx.authority, load_id=load_id, number=number, body=body))


def next_chunk(tx: Transaction[Any], load_id: str) -> Chunk | None:
    """The rows whose turn it is, taken away; None when all are entered."""
    here = and_(chunk.c.authority == tx.authority, chunk.c.load_id == load_id)
    row = tx.db.execute(select(chunk).where(here).order_by(chunk.c.number).limit(1)).one_or_none()
    if row is None:
        return None
    tx.db.execute(delete(chunk).where(here, chunk.c.number == row.number))
    return sealing.unseal(tx, f"register_chunk/{load_id}/{row.number}", Chunk, row.body)


def put(tx: Transaction[Any], one: Load) -> None:
    """A load as it stands now."""
    values = {name: getattr(one, name) for name in _PLAIN if name != "load_id"} | asdict(one.tally)
    if not tx.db.execute(update(load).where(_this(tx, one.load_id)).values(values)).rowcount:
        tx.db.execute(insert(load).values(authority=tx.authority, load_id=one.load_id, **values))


def refuse(tx: Transaction[Any], load_id: str, found: Iterable[Problem]) -> None:
    """Write down what is wrong with rows."""
    rows = [
        {
            "authority": tx.authority,
            "load_id": load_id,
            "row": one.row,
            "position": position,
            "column_name": one.column,
            "words": one.words,
        }
        for position, one in enumerate(found)
    ]
    if rows:
        tx.db.execute(insert(problem), rows)


def running(tx: Transaction[Any]) -> Load | None:
    """The load whose turn it is, locked until the commit: the worker and a command may enter it together."""
    query = select(load).where(load.c.authority == tx.authority, load.c.state == RUNNING)
    turn = query.order_by(load.c.started_at, load.c.load_id).limit(1).with_for_update()
    row = tx.db.execute(turn).one_or_none()
    return None if row is None else _load(row)


def one(tx: Transaction[Any], load_id: str) -> Load | None:
    """One of the authority's loads."""
    row = tx.db.execute(select(load).where(_this(tx, load_id))).one_or_none()
    return None if row is None else _load(row)


def listed(tx: Transaction[Any], offset: int, count: int) -> tuple[list[Load], int]:
    """A page of loads, the latest first, and how many there are."""
    query = select(load).where(load.c.authority == tx.authority)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(query.order_by(load.c.started_at.desc(), load.c.load_id).offset(offset).limit(count))
    return [_load(row) for row in rows], total


def problems(tx: Transaction[Any], load_id: str, offset: int, count: int) -> tuple[Sequence[Problem], int]:
    """A page of what was wrong, by row, and how much there is."""
    query = select(problem).where(problem.c.authority == tx.authority, problem.c.load_id == load_id)
    total: int = tx.db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.db.execute(query.order_by(problem.c.row, problem.c.position).offset(offset).limit(count))
    return [Problem(row.row, row.column_name, row.words) for row in rows], total


def _this(tx: Transaction[Any], load_id: str) -> ColumnElement[bool]:
    return and_(load.c.authority == tx.authority, load.c.load_id == load_id)


def _load(row: Any) -> Load:
    counts = {name: getattr(row, name) for name in _COUNTS}
    return Load(**{name: getattr(row, name) for name in _PLAIN}, tally=Tally(**counts))
