"""Mentions of adults: kept, filed in the index, corrected."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.search.actions import registering
from services.search.actions.asking import ALL
from services.search.domain import keys
from services.search.domain.portrait import Portrait, portray, terms
from services.search.gateways.port import Index
from services.search.store import index, mentions, sealing, visibility
from services.search.store.mentions import Filing, Kept, Said
from shared.service import Office
from shared.store.transaction import Transaction

YOUNGEST = 14


@dataclass(frozen=True)
class Indexed:
    """A mention after it was heard. `changed`: its matches have to be looked for. `standing` is the last
    activity of its contact and whether that is closed, as far as it is known already; `listed` are the
    settings that it is the first to name."""

    contact_id: str
    person_id: str
    number: int
    portrait: Portrait
    is_new: bool
    changed: bool
    standing: tuple[datetime, bool] | None = None
    listed: tuple[str, ...] = ()


def index_mentions(tx: Transaction[Index], said: Sequence[Said]) -> list[Indexed]:
    """Keep what sources say about adults and file it; the same again changes nothing, in any order of
    hearing.

    What a case says stands above what its contact said. Each adult of a contact may be in `said` once."""
    if not said:
        return []
    known = mentions.find(tx, {one.contact_id for one in said})
    made = [portray(one.person, latest_year=tx.now.year - YOUNGEST) for one in said]
    new = [(one, portrait) for one, portrait in zip(said, made, strict=True) if one.who not in known]
    numbers, closed = _add(tx, new)
    changed = {one.who: one for one in said if one.who in known and _says_more(one, known[one.who])}
    listed = registering.name_settings(tx, [one for one, _ in new], [*changed.values()])
    found = [
        _indexed(tx, one, portrait, known[one.who], one.who in changed)
        if one.who in known
        else Indexed(
            *one.who, numbers[one.who], portrait, True, True, (one.seen_at, one.contact_id in closed)
        )
        for one, portrait in zip(said, made, strict=True)
    ]
    return [replace(one, listed=_of(listed, one)) for one in found] if listed else found


def _of(listed: Mapping[str, tuple[str, str]], about: Indexed) -> tuple[str, ...]:
    who = about.contact_id, about.person_id
    return tuple(setting_id for setting_id, first in listed.items() if first == who)


def _says_more(one: Said, before: Kept) -> bool:
    # The case knows better than the first report, whichever of the two is heard last.
    if before.corrected and not one.corrected:
        return False
    return before.person != one.person or before.corrected != one.corrected


def _indexed(tx: Transaction[Index], one: Said, made: Portrait, before: Kept, changes: bool) -> Indexed:
    filed = mentions.filed(tx, before.number)
    if not changes:
        return Indexed(*one.who, before.number, filed, is_new=False, changed=False)
    mentions.change(tx, one)
    if made != filed:
        _exchange(tx, before.number, filed, made)
    return Indexed(*one.who, before.number, made, is_new=False, changed=made != filed)


def _add(
    tx: Transaction[Index], new: Sequence[tuple[Said, Portrait]]
) -> tuple[dict[tuple[str, str], int], set[str]]:
    """File new mentions; returns their numbers, and which of their contacts are closed to anybody."""
    if not new:
        return {}, set()
    closed = visibility.closed_among(tx, {one.contact_id for one, _ in new})
    numbers = mentions.add(tx, [one for one, _ in new])
    filings = [
        Filing(number, one.who, made, one.seen_at, one.contact_id in closed)
        for number, (one, made) in zip(numbers, new, strict=True)
    ]
    mentions.file(tx, filings)
    tx.gateway.put(tx, [(one.number, _keys(tx, one.made)) for one in filings])
    index.count_terms(tx.db, _terms(tx, [made for _, made in new]))
    return {one.who: one.number for one in filings}, closed


def _exchange(tx: Transaction[Index], number: int, old: Portrait, new: Portrait) -> None:
    mentions.refile(tx, number, new)
    tx.gateway.change(tx, number, _keys(tx, old), _keys(tx, new))
    change = _terms(tx, [new])
    # One net change: adding and taking in two steps would lock each counter twice.
    change.subtract(_terms(tx, [old]))
    index.count_terms(tx.db, change)


def unfile(tx: Transaction[Index], number: int) -> None:
    """Take a mention out of the index and out of what is counted; its rows stay."""
    filed = mentions.filed(tx, number)
    tx.gateway.remove(tx, [(number, _keys(tx, filed))])
    gone: Counter[int] = Counter()
    gone.subtract(_terms(tx, [filed]))
    index.count_terms(tx.db, gone)


def send_waiting(office: Office) -> int:
    """Send the index's server what it does not have yet, a batch at a time, without holding a transaction."""
    with office.transaction() as tx:
        index_used, waiting = tx.gateway, tx.gateway.outgoing(tx)
    if waiting is None:
        return 0
    # Outside a transaction: a slow server must not hold the database.
    index_used.send(waiting)
    with office.transaction() as tx:
        return int(index_used.sent(tx, waiting))


def _keys(tx: Transaction[Any], made: Portrait) -> list[int]:
    hashed = sealing.key_hash(tx)
    return sorted({hashed(text) for text in keys.cut(made)})


def _terms(tx: Transaction[Any], made: Iterable[Portrait]) -> Counter[int]:
    hashed = sealing.term_hash(tx)
    # Counted before they are hashed: most terms of a batch are those of many.
    counted = Counter(one for portrait in made for one in (*terms(portrait), ALL))
    return Counter({hashed(one): count for one, count in counted.items()})
