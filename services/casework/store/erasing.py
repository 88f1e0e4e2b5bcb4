"""Requests to erase, legal holds, and everything of a case that an erasure deletes."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select

from services.casework.domain.case import Case
from services.casework.store import contacts, patterns, priors
from services.casework.store.tables import (
    allegation,
    case_file,
    clock,
    duty,
    entry,
    erased,
    erasure,
    hold,
    meeting,
    safeguard,
    subject,
)
from shared.keeping.holds import Holds
from shared.keeping.requests import Requests
from shared.store.dialect import upsert
from shared.store.membership import one_of
from shared.store.transaction import Transaction

requests = Requests(erasure, "case_id")
# By the contact: a hold on it is there before any case is, and goes on for the case.
holding = Holds(hold, "contact_id")


def wipe(tx: Transaction, case: Case) -> None:
    """Delete every row about the case and its contact but the request."""
    # A line that still waits would come after its case has gone.
    tx.write_held()
    for file_id in case.files:
        tx.tools.files.revoke(tx, file_id)
    for table in (subject, allegation, clock, meeting, safeguard, entry, duty):
        tx.db.execute(delete(table).where(table.c.authority == tx.authority, table.c.case_id == case.id))
    forget_contact(tx, case.contact_id)
    here = (case_file.c.authority == tx.authority, case_file.c.id == case.id)
    tx.db.execute(delete(case_file).where(*here))


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """Drop what is known of a contact, what was found for it and what held it; what is left is that it was
    erased.
    """
    contacts.forget(tx, contact_id)
    priors.forget(tx, contact_id)
    patterns.forget(tx, contact_id)
    holding.forget(tx, contact_id)
    row = {"authority": tx.authority, "contact_id": contact_id, "at": tx.now}
    tx.db.execute(upsert(tx.db, erased, [row]).on_conflict_do_nothing())


_ERASED = select(erased.c.contact_id).where(
    erased.c.authority == bindparam("here"), one_of(erased.c.contact_id, "ids")
)


def erased_among(tx: Transaction, contact_ids: Collection[str]) -> set[str]:
    """Those of these contacts that were erased."""
    return set(tx.db.execute(_ERASED, {"here": tx.authority, "ids": contact_ids}).scalars().all())
