"""Requests to erase, and everything of a contact that an erasure deletes."""

from sqlalchemy import delete, or_, select

from services.intake.store.tables import (
    advice,
    contact,
    correction,
    draft,
    erasure,
    hold,
    pattern_contact,
    prior_concern,
    return_code,
    threshold_decision,
)
from shared.keeping.holds import Holds
from shared.keeping.requests import Requests
from shared.store.transaction import Transaction

requests = Requests(erasure, "contact_id")
holding = Holds(hold, "contact_id")


def wipe(tx: Transaction, contact_id: str) -> None:
    """Delete every row about the contact but the request."""
    drafts = select(draft.c.id).where(draft.c.authority == tx.authority, draft.c.contact_id == contact_id)
    mine = return_code.c.authority == tx.authority
    tx.db.execute(delete(return_code).where(mine, return_code.c.draft_id.in_(drafts)))
    for table in (draft, correction, advice, threshold_decision, hold, pattern_contact):
        tx.db.execute(
            delete(table).where(table.c.authority == tx.authority, table.c.contact_id == contact_id)
        )
    either = or_(prior_concern.c.contact_id == contact_id, prior_concern.c.other_contact_id == contact_id)
    tx.db.execute(delete(prior_concern).where(prior_concern.c.authority == tx.authority, either))
    tx.db.execute(delete(contact).where(contact.c.authority == tx.authority, contact.c.id == contact_id))
