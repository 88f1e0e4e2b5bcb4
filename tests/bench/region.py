"""A region of any size within minutes: a small history is played through the services' own actions, then its
rows are written again and again under other ids, at other moments, sealed anew.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, select

from services.casework.store import tables as casework
from services.intake.store import tables as intake
from services.notifications.store import tables as notifications
from services.reporting.domain.tallies import Tally, tallies_of
from services.reporting.store import sums
from services.reporting.store import tables as reporting
from shared.rehearsal import Part
from shared.store.transaction import Transaction
from tests.platform import Platform

PLAYED = 200
_APART = timedelta(seconds=7)
_AT_ONCE = 2_000
_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

COPIED: Mapping[str, Sequence[Table]] = {
    "intake": (intake.contact, intake.threshold_decision, intake.advice, intake.prior_concern),
    "casework": (
        casework.known_contact, casework.case_file, casework.subject, casework.allegation, casework.clock,
        casework.meeting, casework.safeguard, casework.entry, casework.prior, casework.duty,
    ),
    "notifications": (notifications.notice, notifications.case_known, notifications.contact_known),
    "reporting": tuple(reporting.OF_KIND.values()),
}  # fmt: skip
# What these columns hold is renamed wherever it stands; users, for one, stay who they are.
_OWN_IDS = ("id", "contact_id", "case_id")


@dataclass(frozen=True)
class Original:
    """One played row, its body opened."""

    table: Table
    row: Mapping[str, Any]
    plain: bytes | None


def play(platform: Platform, contacts: int) -> None:
    """A history of so many contacts, as a demo plays it."""
    acts = 1
    while acts:
        acts = sum(_act(Part(runtime, contacts)) for runtime in platform.region.runtimes.values())
        platform.settle()


def _act(part: Part) -> int:
    rehearse = part.runtime.service.rehearse
    with part.open:
        return rehearse(part) if rehearse else 0


def multiply(platform: Platform, times: int) -> None:
    """The played history so many times in all, in every service that keeps lists of it."""
    for name, copied in COPIED.items():
        runtime = platform[name]
        for authority in runtime.authorities():
            with runtime.database.transaction(runtime.system(authority)) as tx:
                _copy(tx, copied, times)


def _copy(tx: Transaction, copied: Sequence[Table], times: int) -> None:
    originals = [one for table in copied for one in _originals(tx, table)]
    known = {
        str(one.row[name]) for one in originals for name in _OWN_IDS if _is_uuid(one.row.get(name))
    }  # fmt: skip
    for table in copied:
        mine = [one for one in originals if one.table is table]
        copies = (_again(tx, one, known, number) for one in mine for number in range(1, times))
        while rows := list(islice(copies, _AT_ONCE)):
            tx.db.execute(insert(table), rows)
        if kind := next((kind for kind, own in reporting.OF_KIND.items() if own is table), None):
            _count(tx, [kind(**_without_authority(one.row)) for one in mine], times)


def _originals(tx: Transaction, table: Table) -> Iterator[Original]:
    for found in tx.db.execute(select(table).where(table.c.authority == tx.authority)).mappings().all():
        row = dict(found)
        body = row.get("body")
        yield Original(table, row, tx.open(_place(table, row), body) if body else None)


def _place(table: Table, row: Mapping[str, Any]) -> str:
    keys = [str(row[column.name]) for column in table.primary_key if column.name != "authority"]
    return f"{table.name}/{'/'.join(keys)}/body"


def _again(tx: Transaction, one: Original, known: set[str], number: int) -> dict[str, Any]:
    row = {name: _changed(name, value, known, number) for name, value in one.row.items()}
    keys = [column.name for column in one.table.primary_key if column.name != "authority"]
    if len(keys) == 1 and row[keys[0]] == one.row[keys[0]]:
        row[keys[0]] = f"{row[keys[0]]}~{number}"
    if one.plain is not None:
        plain = _UUID.sub(lambda found: _renamed(found[0].decode(), known, number).encode(), one.plain)
        row["body"] = tx.seal(_place(one.table, row), plain)
    return row


def _changed(name: str, value: Any, known: set[str], number: int) -> Any:
    if isinstance(value, datetime):
        return value - number * _APART
    if not isinstance(value, str) or not value:
        return value
    return f"{value}~{number}" if name in ("reference", "token") else _renamed(value, known, number)


def _renamed(value: str, known: set[str], number: int) -> str:
    return f"{value[:-6]}{number:06x}" if value in known else value


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID.fullmatch(value.encode()) is not None


def _without_authority(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "authority"}


def _count(tx: Transaction, facts: Sequence[Any], times: int) -> None:
    """The copies' sums: their days are the originals', give or take an hour."""
    counted: Counter[Tally] = Counter()
    for one in facts:
        counted.update(tallies_of(one))
    sums.add(tx, {tally: count * (times - 1) for tally, count in counted.items()})
