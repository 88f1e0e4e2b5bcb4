"""What is known of cases and contacts, as their own services told it; so that letters need nobody else. In a
transaction each is read once and written once, however many facts tell of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Executable, Select, Table, and_, bindparam, delete, select

from services.notifications.domain.facts import CaseKnown, ContactKnown
from services.notifications.store.tables import case_known, contact_known
from shared.actor import Scope
from shared.errors import NotFound
from shared.replicas import open_to
from shared.store.dialect import Insert, spelled
from shared.store.membership import one_of
from shared.store.transaction import Transaction

K = TypeVar("K", CaseKnown, ContactKnown)


class _Kind(Generic[K]):
    """Where one of the two is kept, with its statements, made once."""

    def __init__(self, table: Table, key: str, kind: type[K]) -> None:
        self.table, self.key = table, key
        self.kind: type[K] = kind
        self.saving = spelled(self._fresh)
        self.reading: Select[Any] = (
            select(table.c[key], table.c.body)
            .where(table.c.authority == bindparam("authority"))
            .where(one_of(table.c[key], "ids"))
            .order_by(table.c[key])
        )
        # Who reads for a batch keeps them till its end, so that another must not write meanwhile.
        self.taking = self.reading.with_for_update()

    def _fresh(self, make: Insert) -> Executable:
        new = make(self.table)
        keys = ["authority", self.key]
        said = {one.name: new.excluded[one.name] for one in self.table.c if one.name not in keys}
        return new.on_conflict_do_update(index_elements=keys, set_=said)

    def id_of(self, one: K) -> str:
        """The case's or the contact's."""
        return str(getattr(one, self.key))

    def place(self, one_id: str) -> str:
        """Of its sealed body."""
        return f"{self.table.name}/{one_id}/body"


@dataclass
class _Sheet(Generic[K]):
    """Those that a transaction has read or learned of, in one authority."""

    of: _Kind[K]
    scope: Scope
    known: dict[str, K | None] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)

    def find(self, tx: Transaction, one_id: str) -> K | None:
        """One, with all that the batch tells of."""
        if one_id not in self.known:
            ids: set[str] = {one_id, *self._coming(tx)} - self.known.keys()
            query = self.of.taking if tx.coming else self.of.reading
            rows = tx.db.execute(query, {"authority": tx.authority, "ids": sorted(ids)})
            self.known |= dict.fromkeys(ids)
            self.known |= {key: self._opened(tx, key, body) for key, body in rows}
        return self.known[one_id]

    def put(self, one: K) -> None:
        """It stands so now."""
        self.known[self.of.id_of(one)] = one
        self.changed.add(self.of.id_of(one))

    def forget(self, tx: Transaction, one_id: str) -> None:
        """It is gone."""
        self.known[one_id] = None
        self.changed.discard(one_id)
        table = self.of.table
        tx.db.execute(
            delete(table).where(and_(table.c.authority == tx.authority, table.c[self.of.key] == one_id))
        )

    def write(self, tx: Transaction) -> None:
        """All that changed, in one order."""
        rows = [self._row(tx, one) for key in sorted(self.changed) if (one := self.known[key])]
        self.changed.clear()
        if rows:
            tx.db.execute(self.of.saving(tx.db), rows)

    def _coming(self, tx: Transaction) -> Iterator[str]:
        for event in tx.coming.get(tx.authority, ()):
            yield getattr(event, self.of.key, "")

    def _opened(self, tx: Transaction, one_id: str, body: bytes) -> K:
        return msgspec.json.decode(tx.open(self.of.place(one_id), body), type=self.of.kind)

    def _row(self, tx: Transaction, one: K) -> dict[str, Any]:
        body = tx.seal(self.of.place(self.of.id_of(one)), msgspec.json.encode(one))
        columns = {column.name for column in self.of.table.c} - {"authority", "body"}
        return {"authority": tx.authority, "body": body, **{name: getattr(one, name) for name in columns}}


_CASE = _Kind(case_known, "case_id", CaseKnown)
_CONTACT = _Kind(contact_known, "contact_id", ContactKnown)


class _Known:
    """The sheets of each authority that the transaction has heard of."""

    def __init__(self) -> None:
        self.cases: dict[str, _Sheet[CaseKnown]] = {}
        self.contacts: dict[str, _Sheet[ContactKnown]] = {}

    def write(self, tx: Transaction) -> None:
        """Everybody's, in one order, so that two transactions take locks alike."""
        for _, cases in sorted(self.cases.items()):
            with tx.within(cases.scope):
                cases.write(tx)
        for _, contacts in sorted(self.contacts.items()):
            with tx.within(contacts.scope):
                contacts.write(tx)


def _cases(tx: Transaction) -> _Sheet[CaseKnown]:
    return tx.held(_Known).cases.setdefault(tx.authority, _Sheet(_CASE, tx.scope))


def _contacts(tx: Transaction) -> _Sheet[ContactKnown]:
    return tx.held(_Known).contacts.setdefault(tx.authority, _Sheet(_CONTACT, tx.scope))


def save_case(tx: Transaction, case: CaseKnown) -> None:
    """Keep a case as it is known now."""
    _cases(tx).put(case)


def find_case(tx: Transaction, case_id: str) -> CaseKnown | None:
    """A case, for the service itself; None when it has not been heard of."""
    return _cases(tx).find(tx, case_id)


def get_case(tx: Transaction, case_id: str) -> CaseKnown:
    """A case that the actor may see. Raises NotFound."""
    tx.held(_Known).write(tx)
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
    return msgspec.json.decode(tx.open(_CASE.place(case_id), sealed), type=CaseKnown)


def save_contact(tx: Transaction, contact: ContactKnown) -> None:
    """Keep a contact as it is known now."""
    _contacts(tx).put(contact)


def find_contact(tx: Transaction, contact_id: str) -> ContactKnown | None:
    """A contact, for the service itself; None when it has not been heard of."""
    return _contacts(tx).find(tx, contact_id)


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """Nothing is known of it any more."""
    _contacts(tx).forget(tx, contact_id)


def forget_case(tx: Transaction, case_id: str) -> None:
    """Nothing is known of it any more."""
    _cases(tx).forget(tx, case_id)
