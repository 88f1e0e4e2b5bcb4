"""A register's file is taken in row by row and entered a bounded batch at a time; a page shows how far it
is."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO

from services.search.actions import entering
from services.search.domain.register import Entry, Heading, Problem, Row, read
from services.search.store import loads
from services.search.store.loads import Chunk, Load, Tally
from shared.clock import new_id
from shared.contracts.search import RegisterLoaded
from shared.errors import Invalid, NotAllowed
from shared.service import Office
from shared.store.transaction import Transaction
from shared.vocabulary import Role

BATCH = 500
MOST_ROWS = 200_000
_BLOCK = 1 << 20


def take_in(tx: Transaction[Any], file: BinaryIO) -> str:
    """Keep the rows of a CSV file to be entered; nothing is changed yet. Returns the load's id.

    Raises Invalid for a file that is no such list, NotAllowed for anybody but an administrator."""
    actor = tx.scope.actor
    if not actor.is_system and not actor.has(Role.ADMINISTRATOR):
        raise NotAllowed("Only an administrator of your authority loads a register.")
    load_id, total = new_id(), 0
    waiting = _rows(file)
    heading = Heading(next(waiting, ()))
    numbered = _with_twins(heading, waiting)
    while rows := tuple(islice(numbered, BATCH)):
        loads.wait(tx, load_id, total, Chunk(heading.cells, rows))
        total += len(rows)
        if total > MOST_ROWS:
            raise Invalid(f"The file has more than {MOST_ROWS:,} rows: divide it and load the parts in turn.")
    if not total:
        raise Invalid("The file has headings but no settings below them. Choose another file.")
    loads.put(tx, Load(load_id, loads.RUNNING, actor.id, tx.now, total))
    return load_id


def enter_waiting(office: Office) -> int:
    """Enter the next batch of the oldest load. Returns how many rows that were."""
    with office.transaction() as tx:
        return step(tx)


def enter_all(transaction: Callable[[], Any], load_id: str, progress: Callable[[Load], None]) -> Load:
    """Enter every batch of a load, each in a transaction of its own."""
    while True:
        with transaction() as tx:
            # An earlier load of the authority has its turn first: they may be about the same settings.
            step(tx)
            one = loads.one(tx, load_id)
        if one is None:
            raise Invalid("There is no such load any more. Load the file again.")
        progress(one)
        if one.state == loads.DONE:
            return one


def step(tx: Transaction[Any]) -> int:
    """The next batch; with the last one the load is done."""
    one = loads.running(tx)
    if one is None:
        return 0
    waiting = loads.next_chunk(tx, one.load_id)
    if waiting is None:
        return _finish(tx, one)
    good, bad = _read(waiting)
    loads.refuse(tx, one.load_id, bad)
    tally = entering.enter(tx, good).plus(Tally(refused=len(waiting.rows) - len(good)))
    loads.put(tx, replace(one, done=one.done + len(waiting.rows), tally=one.tally.plus(tally)))
    return len(waiting.rows)


def rows_of(tx: Transaction[Any], load_id: str) -> int:
    """How many rows a load has."""
    one = loads.one(tx, load_id)
    return one.rows if one else 0


def first_problems(tx: Transaction[Any], load_id: str, most: int) -> list[Problem]:
    """What was wrong with the first rows that were left out."""
    return list(loads.problems(tx, load_id, 0, most)[0])


def _finish(tx: Transaction[Any], one: Load) -> int:
    loads.put(tx, replace(one, state=loads.DONE, ended_at=tx.now))
    told = {name: getattr(one.tally, name) for name in ("added", "changed", "same", "joined", "refused")}
    tx.publish(RegisterLoaded(load_id=one.load_id, loaded_by=one.started_by, rows=one.rows, **told))
    return 1


def _read(waiting: Chunk) -> tuple[list[Entry], list[Problem]]:
    heading, good, bad = Heading(waiting.heading), [], []
    for row in waiting.rows:
        found = read(heading, row)
        if isinstance(found, Entry):
            good.append(found)
        else:
            bad += found
    return good, bad


def _with_twins(heading: Heading, rows: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    met: dict[int, int] = {}
    # As a spreadsheet counts: the heading is row 1.
    for number, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells):
            row = Row(number, cells)
            first = met.setdefault(hash(heading.twin(row)), number)
            yield row._replace(twin=0 if first == number else first)


def _rows(file: BinaryIO) -> Iterator[tuple[str, ...]]:
    text = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        for cells in csv.reader(text, strict=True):
            yield tuple(cells)
    except (csv.Error, UnicodeDecodeError):
        raise Invalid(
            "The file cannot be read as a list of values with commas between them. Save it as CSV and load it"
            " again."
        ) from None
    finally:
        # Whoever opened the file closes it.
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 when all of it is, else what spreadsheets in this country write."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"
