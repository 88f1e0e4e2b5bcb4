"""Taking a contact out of everything that search keeps."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Table, and_, bindparam, delete, or_, select

from services.search.store import mentions, merging, resolving, searches
from services.search.store.lookback_tables import marked
from services.search.store.pattern_tables import pattern_record
from services.search.store.setting_tables import employment, happening, placing
from services.search.store.tables import (
    case_of,
    erased,
    match,
    mention,
    profile_change,
    reference,
    search,
    search_found,
    shown,
)
from shared.contracts.people import Person
from shared.store.dialect import upsert
from shared.store.membership import one_of
from shared.store.transaction import Transaction

_BY_CONTACT = (
    mention, reference, case_of, shown, profile_change, search_found,
    employment, happening, placing, marked, pattern_record,
)  # fmt: skip
_AT_ONCE = 200
# Asked at every fact, so it is made once.
_ERASED = select(erased.c.contact_id).where(
    erased.c.authority == bindparam("here"), one_of(erased.c.contact_id, "ids")
)


def erase(tx: Transaction[Any], contact_id: str) -> None:
    """Delete its rows and what was shown of it; what is left is that it was erased, and that people
    searched."""
    there = select(employment.c.setting_id).where(_here(tx, employment, contact_id)).distinct()
    worked_at = list(tx.db.execute(there).scalars().all())
    _blank_searches(tx, contact_id)
    # While their mentions say which they are.
    mentions.unfile(tx, contact_id)
    for table in _BY_CONTACT:
        tx.db.execute(delete(table).where(_here(tx, table, contact_id)))
    # Nobody of this contact counts at a setting any more; one that it alone had named goes.
    resolving.recount(tx, worked_at)
    merging.forget(tx, contact_id)
    either = or_(match.c.contact_id == contact_id, match.c.other_contact_id == contact_id)
    tx.db.execute(delete(match).where(match.c.authority == tx.authority, either))
    note(tx, contact_id)


def note(tx: Transaction[Any], record_id: str) -> None:
    """Remember that the contact or case was erased."""
    row = {"authority": tx.authority, "contact_id": record_id, "at": tx.now}
    tx.db.execute(upsert(tx.db, erased, [row]).on_conflict_do_nothing())


def is_erased(tx: Transaction[Any], record_id: str) -> bool:
    """Whether that contact or case was erased."""
    return bool(erased_among(tx, [record_id]))


def erased_among(tx: Transaction[Any], record_ids: Collection[str]) -> set[str]:
    """Those of these contacts and cases that were erased."""
    return set(tx.db.execute(_ERASED, {"here": tx.authority, "ids": list(record_ids)}).scalars().all())


def _blank_searches(tx: Transaction[Any], contact_id: str) -> None:
    """Of searches that found it or were made for it stays who, when and why, but neither what was typed nor
    the record."""
    found = select(search_found.c.search_id).where(_here(tx, search_found, contact_id))
    query = select(search.c.search_id).where(
        search.c.authority == tx.authority,
        or_(search.c.contact_id == contact_id, search.c.search_id.in_(found)),
    )
    ids = sorted(tx.db.execute(query).scalars().all())
    for start in range(0, len(ids), _AT_ONCE):
        kept = searches.by_ids(tx, ids[start : start + _AT_ONCE])
        searches.rewrite(tx, [_blank(one, contact_id) for one in kept])


def _blank(one: searches.Search, contact_id: str) -> searches.Search:
    own = tuple(hit for hit in one.result.own if hit.contact_id != contact_id)
    result = replace(one.result, asked=Person(id=one.result.asked.id), reference="", own=own)
    for_it = one.contact_id == contact_id
    return replace(one, contact_id="" if for_it else one.contact_id, prints={}, result=result)


def _here(tx: Transaction[Any], table: Table, contact_id: str) -> Any:
    return and_(table.c.authority == tx.authority, table.c.contact_id == contact_id)
