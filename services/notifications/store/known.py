"""What is known of cases and contacts, as their own services told it; so that letters need nobody else."""

import msgspec
from sqlalchemy import Executable, Table, and_, bindparam, delete, select

from services.notifications.domain.facts import CaseKnown, ContactKnown
from services.notifications.store.tables import case_known, contact_known
from shared.errors import NotFound
from shared.replicas import open_to
from shared.store.dialect import Insert, spelled
from shared.store.transaction import Transaction


def _found(table: Table, key: str) -> Executable:
    own = table.c.authority == bindparam("authority")
    return select(table.c.body).where(own, table.c[key] == bindparam(key))


def _fresh(make: Insert, table: Table, key: str) -> Executable:
    new = make(table)
    said = {one.name: new.excluded[one.name] for one in table.c if one.name not in {"authority", key}}
    return new.on_conflict_do_update(index_elements=["authority", key], set_=said)


_CASE, _CONTACT = _found(case_known, "case_id"), _found(contact_known, "contact_id")
_saving_case = spelled(lambda make: _fresh(make, case_known, "case_id"))
_saving_contact = spelled(lambda make: _fresh(make, contact_known, "contact_id"))


def save_case(tx: Transaction, case: CaseKnown) -> None:
    """Keep a case as it is known now."""
    body = tx.seal(_case_place(case.case_id), msgspec.json.encode(case))
    row = {"case_id": case.case_id, "contact_id": case.contact_id, "body": body}
    tx.db.execute(_saving_case(tx.db), {"authority": tx.authority, **row})


def find_case(tx: Transaction, case_id: str) -> CaseKnown | None:
    """A case, for the service itself; None when it has not been heard of."""
    sealed = tx.db.execute(_CASE, {"authority": tx.authority, "case_id": case_id}).scalar_one_or_none()
    if sealed is None:
        return None
    return msgspec.json.decode(tx.open(_case_place(case_id), sealed), type=CaseKnown)


def get_case(tx: Transaction, case_id: str) -> CaseKnown:
    """A case that the actor may see. Raises NotFound."""
    query = select(case_known.c.body).where(
        case_known.c.authority == tx.authority,
        case_known.c.case_id == case_id,
        and_(open_to(case_known.c.contact_id, tx), open_to(case_known.c.case_id, tx)),
    )
    sealed = tx.db.execute(query).scalar_one_or_none()
    if sealed is None:
        raise NotFound(
            "Notices know no such case yet. If it was opened just now, wait a moment and load the page again."
        )
    return msgspec.json.decode(tx.open(_case_place(case_id), sealed), type=CaseKnown)


def save_contact(tx: Transaction, contact: ContactKnown) -> None:
    """Keep a contact as it is known now."""
    body = tx.seal(_contact_place(contact.contact_id), msgspec.json.encode(contact))
    row = {"authority": tx.authority, "contact_id": contact.contact_id, "body": body}
    tx.db.execute(_saving_contact(tx.db), row)


def find_contact(tx: Transaction, contact_id: str) -> ContactKnown | None:
    """A contact, for the service itself; None when it has not been heard of."""
    asked = {"authority": tx.authority, "contact_id": contact_id}
    sealed = tx.db.execute(_CONTACT, asked).scalar_one_or_none()
    if sealed is None:
        return None
    return msgspec.json.decode(tx.open(_contact_place(contact_id), sealed), type=ContactKnown)


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """Nothing is known of it any more."""
    here = and_(contact_known.c.authority == tx.authority, contact_known.c.contact_id == contact_id)
    tx.db.execute(delete(contact_known).where(here))


def forget_case(tx: Transaction, case_id: str) -> None:
    """Nothing is known of it any more."""
    here = and_(case_known.c.authority == tx.authority, case_known.c.case_id == case_id)
    tx.db.execute(delete(case_known).where(here))


def _case_place(case_id: str) -> str:
    return f"case_known/{case_id}/body"


def _contact_place(contact_id: str) -> str:
    return f"contact_known/{contact_id}/body"
