"""Where authorities meet over a setting: others' concerns there, or at another of the body that runs it.

Each holder is looked through in its own scope and keeps its own note; back comes nothing but a `Pointer`."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from services.search.domain.judgement import recency
from services.search.domain.listing import Key
from services.search.domain.patterns import Concern
from services.search.domain.workplaces import PLACE, Identity
from services.search.store import (
    concerns,
    crossing,
    mentions,
    register,
    resolving,
    searches,
    settings,
    visibility,
)
from services.search.store.crossing import Told
from services.search.store.setting_tables import setting_key
from shared.contracts.people import Pointer
from shared.replicas import Authority
from shared.store.transaction import Transaction
from shared.vocabulary import Band


class Place(NamedTuple):
    """What is asked about: the asker's setting, what it is found under, what the body that runs it is known
    by.
    """

    setting_id: str
    keys: Sequence[Key]
    bodies: Sequence[str] = ()


def ask(tx: Transaction[Any], place: Place, purpose: str) -> list[Told]:
    """A pointer for every pooled authority that may hold a concern, and whether that is news to it."""
    holders = sorted(crossing.pooled(tx).items())
    told = (_told(tx, place, holder, purpose) for code, holder in holders if code != tx.authority)
    return [one for one in told if one]


def keys_of(tx: Transaction[Any], setting_id: str) -> list[Key]:
    """All that an own setting is found under, the surest first."""
    query = select(setting_key.c.k, setting_key.c.scheme).where(
        setting_key.c.authority == tx.authority, setting_key.c.setting_id == setting_id
    )
    found = [Key(k, scheme, Identity(scheme, "").is_sure) for k, scheme in tx.db.execute(query).all()]
    return sorted(
        found, key=lambda key: (not key.is_sure, key.scheme in ("", PLACE), key.scheme == "", key.k)
    )


def latest(tx: Transaction[Any], setting_ids: Collection[str]) -> str | None:
    """The contact of the last concern at these settings that is closed to nobody."""
    found = concerns.at_settings(tx, setting_ids) if setting_ids else []
    # Most holders know nothing of a setting, and each is asked: their answer is to cost no more than that.
    if not found:
        return None
    closed = visibility.closed_among(tx, {contact_id for one in found for contact_id in _contacts(one)})
    return next((one.contact_id for one in reversed(found) if closed.isdisjoint(_contacts(one))), None)


def _contacts(one: Concern) -> set[str]:
    return {one.contact_id, *(contact_id for contact_id, _ in one.adults)}


def _told(tx: Transaction[Any], place: Place, holder: Authority, purpose: str) -> Told | None:
    asker = tx.authority
    with tx.within(crossing.as_holder(tx, holder.code)):
        for setting_ids, band, agrees in _where(tx, place):
            contact_id = latest(tx, setting_ids)
            if contact_id is None:
                continue
            reference = crossing.side(tx, (holder.code, contact_id, ""), (asker, "setting", place.setting_id))
            is_news = searches.note_shown(tx, reference, (contact_id, ""), asker, purpose)
            active_at = (mentions.state(tx, contact_id) or (tx.now, False))[0]
            pointer = Pointer(
                holder=holder.code, contact_route=holder.contact_route, reference=reference, band=band,
                recency=recency(active_at, tx.now), agrees=(agrees,),
            )  # fmt: skip
            return Told(pointer, "", "", holder_told=is_news)
    return None


def _where(tx: Transaction[Any], place: Place) -> Iterator[tuple[Collection[str], Band, str]]:
    """The holder's settings that may be meant, the surest first."""
    listing = resolving.listing(tx, {key.k for key in place.keys})
    for keys, band in (([key for key in place.keys if key.is_sure], Band.STRONG), (place.keys, Band.LIKELY)):
        yield {each for one in listing.all(keys) for each in settings.line(tx, one)}, band, "setting"
    for known_by in place.bodies:
        yield settings.group(tx, register.provider_id(tx, known_by)), Band.POSSIBLE, "body that runs it"
