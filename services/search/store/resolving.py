"""Under what the settings of an authority are found, and who is noted as working there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, select, tuple_, update

from services.search.domain.listing import Key, Listing, Successor
from services.search.domain.workplaces import found_by
from services.search.store import sealing
from services.search.store.lookback_tables import lookback
from services.search.store.setting_tables import employment, setting, setting_key, setting_word, succession
from services.search.store.settings import Named
from shared.contracts.people import Setting
from shared.store.membership import one_of
from shared.store.rows import Rows
from shared.store.transaction import Transaction

# Asked at every contact, so they are made once.
_UNDER = select(setting_key.c.k, setting_key.c.setting_id).where(
    setting_key.c.authority == bindparam("here"), one_of(setting_key.c.k, "ids")
)
_NUMBERS = select(setting_key.c.setting_id, setting_key.c.scheme, setting_key.c.k).where(
    setting_key.c.authority == bindparam("here"),
    one_of(setting_key.c.setting_id, "ids"),
    setting_key.c.scheme != "",
)
_SUCCESSORS = (
    select(setting.c.setting_id, setting.c.closed_on, succession.c.setting_id)
    .select_from(setting)
    .join(
        setting_key,
        and_(
            setting_key.c.authority == setting.c.authority, setting_key.c.setting_id == setting.c.setting_id
        ),
    )
    .join(
        succession,
        and_(succession.c.authority == setting_key.c.authority, succession.c.k == setting_key.c.k),
    )
    .where(
        setting.c.authority == bindparam("here"),
        one_of(setting.c.setting_id, "ids"),
        setting.c.closed_on.is_not(None),
    )
)
_UNNAMED = select(setting.c.setting_id).where(
    setting.c.authority == bindparam("here"),
    one_of(setting.c.setting_id, "ids"),
    setting.c.named_at.is_(None),
)
_COUNTED = (
    select(employment.c.setting_id, func.count(), func.max(employment.c.seen_at))
    .where(employment.c.authority == bindparam("here"), one_of(employment.c.setting_id, "ids"))
    .group_by(employment.c.setting_id)
)
_RECOUNTED = (
    update(setting)
    .where(setting.c.authority == bindparam("here"), setting.c.setting_id == bindparam("this"))
    .values(concerns=bindparam("adults"), named_at=bindparam("last"))
)
_EMPLOYING = Rows(
    employment, "setting_id", "contact_id", "person_id", "role", "seen_at", settled="DO NOTHING"
)
_LEARNING = Rows(setting_key, "k", "scheme", "setting_id", settled="DO NOTHING")
_LISTING = Rows(setting, "setting_id", "kind", "listed_at", "concerns", "body", settled="DO NOTHING")
_WORDS = Rows(setting_word, "k", "setting_id")

# A school that changed its number more often than this was entered in a circle.
_FURTHEST = 5


def listing(tx: Transaction[Any], keys: Collection[int]) -> Listing:
    """The part of the register that these keys touch."""
    under = tx.db.execute(_UNDER, {"here": tx.authority, "ids": list(keys)})
    found = Listing(under=dict(under.all()))
    settings = set(found.under.values())
    found.followed = _followed(tx, settings)
    for setting_id, scheme, k in _numbers(tx, settings):
        found.numbers.setdefault(setting_id, {}).setdefault(scheme, set()).add(k)
    return found


def know(tx: Transaction[Any], learnt: Mapping[Key, str]) -> None:
    """Settings are found under these keys from now on; a key that belongs to another stays there."""
    _LEARNING.add(tx.db, [(key.k, key.scheme, setting_id) for key, setting_id in sorted(learnt.items())])


def add(tx: Transaction[Any], new: Mapping[str, tuple[Setting, datetime]]) -> None:
    """List new ones by id; already listed under that id, one stays as it is."""
    rows = [
        (setting_id, said.kind[:40], at, 0, sealing.seal(tx, f"setting/{setting_id}", said))
        for setting_id, (said, at) in sorted(new.items())
    ]
    if rows:
        _LISTING.add(tx.db, rows)
        word(tx, {setting_id: said for setting_id, (said, _) in new.items()})


def word(tx: Transaction[Any], said: Mapping[str, Setting]) -> None:
    """These settings are looked up by the words of what is said of them, and no others."""
    tx.db.execute(
        delete(setting_word).where(
            setting_word.c.authority == tx.authority, setting_word.c.setting_id.in_(sorted(said))
        )
    )
    rows = [
        (k, setting_id)
        for setting_id, one in said.items()
        for k in hashed_words(tx, found_by(one.name, one.town, one.postcode, _pairs(one)))
    ]
    _WORDS.add(tx.db, sorted(rows))


def hashed_words(tx: Transaction[Any], found: Collection[str]) -> set[int]:
    """What stands for these words in the register."""
    hashed = sealing.key_hash(tx)
    return {hashed(f"setting word|{one}") for one in found}


def _pairs(one: Setting) -> tuple[tuple[str, str], ...]:
    return tuple((number.scheme, number.value) for number in one.identifiers)


def employ(
    tx: Transaction[Any], moved: Collection[tuple[str, str]], named: Collection[tuple[str, Named]]
) -> set[str]:
    """These adults were named there, those of `moved` (contact, person) nowhere else any more; each once for
    a setting and contact. Returns the settings to be counted anew.
    """
    touched = _left(tx, moved) if moved else set()
    rows = [(setting_id, one.contact_id, one.person_id, one.role, one.seen_at) for setting_id, one in named]
    _EMPLOYING.add(tx.db, sorted(rows))
    return touched | {setting_id for setting_id, _ in named}


def _left(tx: Transaction[Any], moved: Collection[tuple[str, str]]) -> set[str]:
    before = delete(employment).where(
        employment.c.authority == tx.authority,
        tuple_(employment.c.contact_id, employment.c.person_id).in_(sorted(moved)),
    )
    return set(tx.db.execute(before.returning(employment.c.setting_id)).scalars().all())


def recount(tx: Transaction[Any], touched: Collection[str]) -> list[str]:
    """Count who is named at these settings anew. Returns those that had been named by nobody; one that only a
    mistaken report had named goes.
    """
    if not touched:
        return []
    asked = {"here": tx.authority, "ids": sorted(touched)}
    fresh = set(tx.db.execute(_UNNAMED, asked).scalars().all())
    counted = {one: (adults, last) for one, adults, last in tx.db.execute(_COUNTED, asked).all()}
    values = [
        {
            "here": tx.authority,
            "this": one,
            "adults": counted.get(one, (0, None))[0],
            "last": counted.get(one, (0, None))[1],
        }
        for one in sorted(touched)
    ]
    tx.db.execute(_RECOUNTED, values)
    _drop(tx, set(touched) - set(counted))
    return sorted(fresh & set(counted))


def _drop(tx: Transaction[Any], empty: Collection[str]) -> None:
    if not empty:
        return
    # Whoever looked back at a setting must still find which one it was.
    looked_at = select(lookback.c.setting_id).where(lookback.c.authority == tx.authority)
    gone = delete(setting).where(
        _these(tx, empty),
        setting.c.mark == "",
        setting.c.joined_to == "",
        setting.c.setting_id.not_in(looked_at),
    )
    dropped = list(tx.db.execute(gone.returning(setting.c.setting_id)).scalars().all())
    for table in (setting_key, setting_word) if dropped else ():
        tx.db.execute(delete(table).where(table.c.authority == tx.authority, table.c.setting_id.in_(dropped)))


def _numbers(tx: Transaction[Any], setting_ids: Collection[str]) -> Sequence[tuple[str, str, int]]:
    asked = {"here": tx.authority, "ids": list(setting_ids)}
    return [tuple(row) for row in tx.db.execute(_NUMBERS, asked).all()] if setting_ids else []


def _followed(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[str, Successor]:
    found: dict[str, Successor] = {}
    asked = set(setting_ids)
    for _ in range(_FURTHEST):
        if not asked:
            break
        rows = tx.db.execute(_SUCCESSORS, {"here": tx.authority, "ids": list(asked)})
        after = {old: Successor(day, new) for old, day, new in rows}
        found |= after
        asked = {one.setting_id for one in after.values()} - found.keys()
    return found


def _these(tx: Transaction[Any], setting_ids: Collection[str]) -> ColumnElement[bool]:
    return and_(setting.c.authority == tx.authority, setting.c.setting_id.in_(setting_ids))
