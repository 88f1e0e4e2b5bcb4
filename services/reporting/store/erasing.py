"""Figures of what was erased: the rows go on being counted, under ids that lead to nothing."""

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, select, update

from services.reporting.store import tables
from shared.clock import new_id
from shared.store.transaction import Transaction


def forget_contact(tx: Transaction[Any], contact_id: str) -> None:
    """Nothing says any more which contact it was. What was found for it goes: its mark is on the row."""
    # What is gathered under the old id would be written beside the row that has another now.
    tx.write_held()
    match = tables.match
    tx.db.execute(delete(match).where(match.c.authority == tx.authority, match.c.contact_id == contact_id))
    _unname(tx, tables.contact, tables.contact.c.id == contact_id, reference="", case_id="")


def forget_case(tx: Transaction[Any], case_id: str) -> None:
    """The same of a case with its allegations, meetings and notices."""
    tx.write_held()
    _unname(tx, tables.case, tables.case.c.id == case_id, reference="", contact_id="")
    for table in (tables.allegation, tables.meeting, tables.notice):
        _unname(tx, table, table.c.case_id == case_id, case_id="")


def _unname(tx: Transaction[Any], table: Table, which: ColumnElement[bool], **blank: str) -> None:
    found = tx.db.execute(select(table.c.id).where(table.c.authority == tx.authority, which)).scalars().all()
    one = update(table).where(table.c.authority == tx.authority, table.c.id == bindparam("known"))
    if found:
        rows = [{"known": known, "unknown": new_id()} for known in found]
        tx.db.execute(one.values(id=bindparam("unknown"), **blank), rows)
