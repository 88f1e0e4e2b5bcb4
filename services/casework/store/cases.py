"""Cases with their adults, allegations and meetings: read together, written by part."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from services.casework.domain.case import Case, ChildsPart, Stage
from services.casework.domain.closing import Dossier
from services.casework.store import allegations, meetings, subjects
from services.casework.store.sealing import OfCases, seal, unseal, visible
from services.casework.store.tables import case_file
from shared.contracts.message import Event
from shared.contracts.people import Child
from shared.contracts.search import PatternFound
from shared.errors import Conflict, NotFound
from shared.store.membership import one_of
from shared.store.transaction import Transaction

_PLAIN = (
    "contact_id",
    "reference",
    "stage",
    "owner",
    "live",
    "opened_at",
    "first_meeting_due",
    "provider_aware_at",
    "serious_harm",
    "police_involved",
    "outcome_at",
    "closed_at",
)
_MINE = select(case_file).where(case_file.c.id == bindparam("case_id"))
_ONE, _TAKEN = OfCases(_MINE), OfCases(_MINE.with_for_update(of=case_file))
_OF_CONTACT = select(case_file.c.id).where(case_file.c.contact_id == bindparam("contact_id"))
_BY_CONTACT, _TAKEN_BY_CONTACT = OfCases(_OF_CONTACT), OfCases(_OF_CONTACT.with_for_update(of=case_file))
_PAIRS = select(case_file.c.id, case_file.c.contact_id)
_OF_CONTACTS = OfCases(_PAIRS.where(one_of(case_file.c.contact_id, "contact_ids")))
# In one order, so that two who take many do not wait for each other.
_TAKEN_BY_CONTACTS = OfCases(
    _PAIRS.where(one_of(case_file.c.contact_id, "contact_ids"))
    .order_by(case_file.c.id)
    .with_for_update(of=case_file)
)
_ALL_TAKEN = OfCases(
    _PAIRS.where(one_of(case_file.c.id, "case_ids")).order_by(case_file.c.id).with_for_update(of=case_file)
)
_ADD = insert(case_file)
_SAVE = update(case_file).where(
    case_file.c.authority == bindparam("whose"),
    case_file.c.id == bindparam("which"),
    case_file.c.version == bindparam("seen"),
)


@dataclass(frozen=True)
class _Body:
    children: tuple[Child, ...]
    childs_part: ChildsPart
    no_meeting_reason: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ahead:
    """What is known of the cases that a batch tells of: `asked` are ids of cases and contacts."""

    asked: frozenset[str]
    by_contact: dict[str, str]


def _ahead(tx: Transaction) -> _Ahead | None:
    """All cases that the batch tells of, taken together before the first fact of it takes effect; None when
    there is no batch.
    """
    coming = tx.coming.get(tx.authority)
    if not coming or not tx.scope.actor.is_system:
        return None
    place = case_file, tx.authority
    if place not in tx.remembered:
        asked = frozenset(one for event in coming for one in _named(event)) - {""}
        ids = {row.id for row in _OF_CONTACTS.run(tx, contact_ids=list(asked))}
        found = _ALL_TAKEN.run(tx, case_ids=sorted(asked | ids))
        tx.remembered[place] = _Ahead(asked, {row.contact_id: row.id for row in found})
    known: _Ahead = tx.remembered[place]
    return known


def _named(event: Event) -> Iterator[str]:
    """The cases and contacts that are told of."""
    for name in ("contact_id", "case_id", "into", "was_in"):
        yield getattr(event, name, "")
    yield from event.contact_ids if isinstance(event, PatternFound) else ()


def add(tx: Transaction, dossier: Dossier) -> None:
    """A new case with its adults and allegations."""
    case = dossier.case
    if ahead := _ahead(tx):
        ahead.by_contact[case.contact_id] = case.id
    tx.db.execute(_ADD, {"id": case.id, "version": case.version, **_values(tx, case)})
    subjects.save(tx, *dossier.subjects)
    allegations.save(tx, *dossier.allegations)


def save(tx: Transaction, case: Case) -> Case:
    """The changed case, one version on. Raises Conflict when somebody else changed it since it was read."""
    where = {"whose": tx.authority, "which": case.id, "seen": case.version}
    changed = tx.db.execute(_SAVE, {**where, "version": case.version + 1, **_values(tx, case)})
    # The row is there, as it was just read: only its version can have moved.
    if changed.rowcount != 1:
        raise Conflict(
            "Somebody else changed this case in the meantime. Open it again and repeat your change."
        )
    return replace(case, version=case.version + 1)


def get(tx: Transaction, case_id: str) -> Dossier:
    """A case with everything the rules look at. Raises NotFound, also for what is closed to the reader."""
    return _dossier(tx, case_id, _ONE)


def take(tx: Transaction, case_id: str) -> Dossier:
    """The same for an act on it: until the commit nobody else acts on the case or erases it."""
    return _dossier(tx, case_id, _TAKEN)


def take_by_contact(tx: Transaction, contact_id: str) -> str | None:
    """The id of the case that came of a contact, taken for an act, if it is there."""
    ahead = _ahead(tx)
    if ahead and contact_id in ahead.asked:
        return ahead.by_contact.get(contact_id)
    return _TAKEN_BY_CONTACT.run(tx, contact_id=contact_id).scalar_one_or_none()


def take_by_contacts(tx: Transaction, contact_ids: Collection[str]) -> dict[str, str]:
    """The cases that came of these contacts, by contact, taken for an act of Heed itself in the order of
    their ids.
    """
    ahead = _ahead(tx) or _Ahead(frozenset(), {})
    known = {one: ahead.by_contact[one] for one in contact_ids if one in ahead.by_contact}
    others = set(contact_ids) - ahead.asked
    rows = _TAKEN_BY_CONTACTS.run(tx, contact_ids=sorted(others)) if others else ()
    return known | {row.contact_id: row.id for row in rows}


def taken(tx: Transaction, case_id: str) -> bool:
    """Whether the case is there for whoever acts; if so it is taken for that act."""
    # What is about a contact without a case.
    if not case_id:
        return False
    ahead = _ahead(tx)
    if ahead and case_id in ahead.asked:
        return case_id in ahead.by_contact.values()
    return _TAKEN.run(tx, case_id=case_id).first() is not None


def take_there(tx: Transaction, case_ids: Collection[str]) -> list[str]:
    """Those of these cases that are there, taken for an act: in the order of their ids, as whoever takes
    several does, so that no two wait for each other.
    """
    query = select(case_file.c.id).where(case_file.c.authority == tx.authority, case_file.c.id.in_(case_ids))
    return list(tx.db.execute(query.order_by(case_file.c.id).with_for_update()).scalars().all())


def _dossier(tx: Transaction, case_id: str, query: OfCases) -> Dossier:
    # Closed, foreign and absent look alike to the reader, or the answer itself would tell something.
    row = query.run(tx, case_id=case_id).one_or_none()
    if row is None:
        raise NotFound(
            "There is no such case in your authority. Check the address, or look in the list of cases."
        )
    return Dossier(
        case=_case(tx, row),
        subjects=subjects.of_case(tx, case_id),
        allegations=allegations.of_case(tx, case_id),
        meetings=meetings.of_case(tx, case_id),
    )


def closed(tx: Transaction, *, offset: int, limit: int) -> list[Dossier]:
    """Closed cases that the reader may see with their adults and allegations, the longest closed first."""
    query = select(case_file).where(visible(tx), case_file.c.stage == Stage.CLOSED.value)
    query = query.order_by(case_file.c.closed_at, case_file.c.id).offset(offset).limit(limit)
    found = [_case(tx, row) for row in tx.db.execute(query).all()]
    ids = [one.id for one in found]
    adults, told = subjects.of_cases(tx, ids), allegations.of_cases(tx, ids)
    return [
        Dossier(case=one, subjects=adults.get(one.id, ()), allegations=told.get(one.id, ())) for one in found
    ]


def find_by_contact(tx: Transaction, contact_id: str) -> str | None:
    """The id of the case that came of a contact, if the reader may see it."""
    return _BY_CONTACT.run(tx, contact_id=contact_id).scalar_one_or_none()


def _values(tx: Transaction, case: Case) -> dict[str, Any]:
    plain = {name: getattr(case, name) for name in _PLAIN}
    personal = _Body(case.children, case.childs_part, case.no_meeting_reason, case.files)
    return {**plain, "touched_at": tx.now, "body": seal(tx, "case_file", case.id, personal)}


def _case(tx: Transaction, row: Row[Any]) -> Case:
    known = {name: getattr(row, name) for name in _PLAIN}
    body = unseal(tx, "case_file", row.id, _Body, row.body)
    known["stage"] = Stage(row.stage)
    return Case(
        id=row.id,
        version=row.version,
        children=body.children,
        files=body.files,
        childs_part=body.childs_part,
        no_meeting_reason=body.no_meeting_reason,
        **known,
    )
