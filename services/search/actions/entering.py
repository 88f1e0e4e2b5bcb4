"""Rows of a register become settings: found again, changed, added, or joined when two turn out to be one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.search.actions.registering import id_of, keys_of, made_of
from services.search.domain.listing import Key, Listing
from services.search.domain.register import Entry
from services.search.domain.registrations import registration
from services.search.domain.workplaces import body_known_by
from services.search.store import register, resolving, sealing
from services.search.store.loads import Tally
from services.search.store.register import Kept, Known, Provider
from shared.contracts.search import SettingChanged, SettingMerged
from shared.store.transaction import Transaction

_Marked = tuple[str, Kept]


@dataclass(frozen=True)
class _Place:
    entry: Entry
    keys: tuple[Key, ...]
    identity: str


def enter(tx: Transaction[Any], entries: Sequence[Entry]) -> Tally:
    """Enter these settings; the same rows again change nothing."""
    places = [place for entry in entries if (place := _place(tx, entry))]
    if not places:
        return Tally()
    known = resolving.listing(tx, {key.k for place in places for key in place.keys})
    found, joined, learnt = _found(tx, places, known)
    for gone, kept in joined.items():
        _join(tx, gone, kept)
    before = register.known(tx, found)
    rows = {one: _kept(tx, place.entry) for one, place in zip(found, places, strict=True)}
    changed = {one: row for one, row in rows.items() if before.get(one, Known()).mark != row[0]}
    register.put(tx, changed)
    resolving.word(tx, {one: row.entry.setting for one, (_, row) in changed.items()})
    resolving.know(tx, learnt)
    register.succeed(tx, _links(tx, found, places, changed))
    _tell(tx, changed, before)
    added = sum(one not in before for one in changed)
    return Tally(added, len(changed) - added, len(places) - len(changed), len(joined))


def _place(tx: Transaction[Any], entry: Entry) -> _Place | None:
    made = made_of(entry.setting)
    if made is None or not made.identities:
        return None
    return _Place(entry, keys_of(tx, made), made.identities[0].text)


def _found(
    tx: Transaction[Any], places: Sequence[_Place], known: Listing
) -> tuple[list[str], dict[str, str], dict[Key, str]]:
    """The setting of each row, those that turned out to be another, and what is learnt."""
    found: list[str] = []
    joined: dict[str, str] = {}
    learnt: dict[Key, str] = {}
    for place in places:
        kept, *others = known.all(place.keys) or [id_of(tx, place.identity)]
        for other in others:
            known.join(other, kept)
            joined[other] = kept
        learnt |= dict.fromkeys(known.learn(kept, place.keys), kept)
        found.append(kept)
    return [joined.get(one, one) for one in found], joined, learnt


def _join(tx: Transaction[Any], gone: str, kept: str) -> None:
    register.join(tx, gone, kept)
    resolving.recount(tx, [gone, kept])
    tx.publish(SettingMerged(setting_id=gone, into=kept))


def _kept(tx: Transaction[Any], entry: Entry) -> _Marked:
    kept = Kept(entry, _provider(tx, entry))
    return register.mark_of(tx, kept), kept


def _provider(tx: Transaction[Any], entry: Entry) -> Provider | None:
    known_by = body_known_by(entry.provider, entry.provider_company)
    if not known_by:
        return None
    return Provider(register.provider_id(tx, known_by[0]), entry.provider, entry.provider_company)


def _links(
    tx: Transaction[Any], found: Sequence[str], places: Sequence[_Place], changed: dict[str, _Marked]
) -> set[tuple[int, str]]:
    hashed = sealing.key_hash(tx)
    return {
        (hashed("setting|" + ":".join(number)), one)
        for one, place in zip(found, places, strict=True)
        if one in changed
        for one_before in place.entry.predecessors
        if (number := registration(one_before.scheme, one_before.value))
    }


def _tell(tx: Transaction[Any], changed: dict[str, _Marked], before: dict[str, Known]) -> None:
    for setting_id, (_, row) in sorted(changed.items()):
        # Nobody outside has heard of a setting that no contact named.
        if before.get(setting_id, Known()).named:
            said = row.entry.setting
            tx.publish(
                SettingChanged(
                    setting_id=setting_id,
                    display_name=said.name,
                    kind=said.kind,
                    town=said.town,
                    postcode=said.postcode,
                    closed_on=row.entry.closed_on,
                )
            )
