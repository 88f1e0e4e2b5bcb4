"""Who may see a contact: it is hidden when it, the case that grew from it or the contact that it is another
report of is closed to the reader.
"""

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, select

from services.intake.store.tables import contact
from shared import replicas
from shared.store.transaction import Transaction


def open_to(contact_id: ColumnElement[str], tx: Transaction) -> ColumnElement[bool]:
    """A clause that hides contacts closed to the actor."""
    return _open(contact_id, tx.authority, replicas.closed_to(tx))


def open_to_reader(contact_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The same for a query that is made once: whoever runs it gives `authority` and `reader`."""
    return _open(contact_id, bindparam("authority"), replicas.closed_to_reader())


def _open(
    contact_id: ColumnElement[str], authority: str | BindParameter[str], closed: Select[tuple[str]]
) -> ColumnElement[bool]:
    told, again = contact.alias(), contact.alias()
    # From the few closed ones to theirs, each by its index: looking at every contact would cost a long list
    # its page, and an "or" would look at every contact.
    by_case = select(told.c.id).where(told.c.authority == authority, told.c.case_id.in_(closed))
    joined = [
        select(again.c.id).where(again.c.authority == authority, again.c.merged_into.in_(concern))
        for concern in (closed, by_case)
    ]
    return and_(*(contact_id.not_in(hidden) for hidden in (closed, by_case, *joined)))
