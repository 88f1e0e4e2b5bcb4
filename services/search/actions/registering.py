"""The register of settings: each workplace that is named is found again or listed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from services.search.domain.keys import Hash
from services.search.domain.listing import Key
from services.search.domain.workplaces import Workplace, workplace
from services.search.store import resolving, sealing, settings
from services.search.store.mentions import Said
from services.search.store.settings import Listed, Named
from shared.clock import LONDON
from shared.contracts.message import Origin
from shared.contracts.people import Setting
from shared.contracts.search import SettingListed
from shared.errors import NotFound
from shared.store.transaction import Transaction


class _Work(NamedTuple):
    said: Said
    setting: Setting
    keys: tuple[Key, ...]
    identity: str
    role: str


def name_settings(
    tx: Transaction[Any], new: Sequence[Said], changed: Sequence[Said]
) -> dict[str, tuple[str, str]]:
    """Find or list every workplace of these adults, and note that they were named there and nowhere else.
    Returns the settings that nobody had been named at, each with the contact and person who is now.

    One named too vaguely to be told apart from others is left out."""
    works = [work for one in (*new, *changed) for work in _works(tx, one)]
    found = _resolved(tx, works)
    named = {(setting_id, _named(work)) for setting_id, work in zip(found, works, strict=True)}
    touched = resolving.employ(tx, {one.who for one in changed}, named)
    # A rebuild tells nobody and leaves the register, with its counts, as it is.
    if tx.scope.origin is Origin.REBUILD:
        return {}
    first = {setting_id: work.said.who for setting_id, work in reversed([*zip(found, works, strict=True)])}
    return {setting_id: first[setting_id] for setting_id in resolving.recount(tx, touched)}


def made_of(said: Setting) -> Workplace | None:
    """The setting in the one form that is compared."""
    numbers = tuple((number.scheme, number.value) for number in said.identifiers)
    return workplace(said.name, said.town, said.postcode, numbers)


def keys_of(tx: Transaction[Any], made: Workplace) -> tuple[Key, ...]:
    """What a setting is found under, the surest first."""
    return _keys(sealing.key_hash(tx), made)


# Many adults are named at one setting.
@lru_cache(maxsize=16_384)
def _keys(hashed: Hash, made: Workplace) -> tuple[Key, ...]:
    return tuple(Key(hashed(f"setting|{one.text}"), one.scheme, one.is_sure) for one in made.identities)


def id_of(tx: Transaction[Any], identity: str) -> str:
    """The id of a new setting, from what it is known under: always the same for the same."""
    return sealing.opaque(tx, "setting", tx.authority, identity)


def setting_of(tx: Transaction[Any], setting_id: str) -> Listed:
    """One of the register. Raises NotFound."""
    one = settings.one(tx, setting_id)
    if one is None:
        raise NotFound("There is no such setting in your authority's register.")
    return one


def _resolved(tx: Transaction[Any], works: Sequence[_Work]) -> list[str]:
    """The setting of each work: by register number, else by name and place, else newly listed."""
    if not works:
        return []
    known = resolving.listing(tx, {key.k for work in works for key in work.keys})
    found: list[str] = []
    learnt: dict[Key, str] = {}
    new: dict[str, tuple[Setting, datetime]] = {}
    for work in works:
        setting_id = known.find(work.keys, work.said.seen_at.astimezone(LONDON).date())
        if setting_id is None:
            setting_id = id_of(tx, work.identity)
            new[setting_id] = (work.setting, work.said.seen_at)
        # A second adult of the same batch at a new workplace must find it listed already.
        learnt |= dict.fromkeys(known.learn(setting_id, work.keys), setting_id)
        found.append(setting_id)
    resolving.add(tx, new)
    resolving.know(tx, learnt)
    return found


def tell(tx: Transaction[Any], one: Listed) -> None:
    """Everybody learns of a setting that is named for the first time."""
    said = one.said
    tx.publish(
        SettingListed(
            setting_id=one.setting_id,
            display_name=said.name,
            kind=one.kind,
            town=said.town,
            postcode=said.postcode,
        )
    )


def _works(tx: Transaction[Any], one: Said) -> Iterator[_Work]:
    for work in one.person.work:
        made = made_of(work.setting)
        known_as = made.identities if made else ()
        if made and known_as:
            yield _Work(one, work.setting, keys_of(tx, made), known_as[0].text, work.role[:40])


def _named(work: _Work) -> Named:
    return Named(work.said.contact_id, work.said.person.id, work.role, work.said.seen_at)
