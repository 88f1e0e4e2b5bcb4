"""The register of settings: each workplace that is named is found again or listed."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from services.search.domain.workplaces import workplace
from services.search.store import sealing, settings
from services.search.store.mentions import Said
from services.search.store.settings import Named
from shared.contracts.people import Setting
from shared.contracts.search import SettingListed
from shared.store.transaction import Transaction


class _Work(NamedTuple):
    said: Said
    setting: Setting
    keys: tuple[int, ...]
    identity: str
    role: str


def name_settings(tx: Transaction[Any], said: Sequence[Said]) -> None:
    """Find or list every workplace of these adults, and note that they were named there.

    One named too vaguely to be told apart from others is left out."""
    works = [work for one in said for work in _works(tx, one)]
    if not works:
        return
    known = settings.known(tx, {key for work in works for key in work.keys})
    found = _resolved(tx, works, known)
    settings.employ(tx, {(setting_id, _named(work)) for setting_id, work in zip(found, works, strict=True)})


def _resolved(tx: Transaction[Any], works: Sequence[_Work], known: dict[int, str]) -> list[str]:
    """The setting of each work: by register number, else by name and place, else newly listed."""
    found, learnt, new = [], {}, {}
    for work in works:
        setting_id = next((known[key] for key in work.keys if key in known), None)
        if setting_id is None:
            # The id follows from what it is known under, so that a rebuild gives the same one.
            setting_id = sealing.opaque(tx, "setting", tx.authority, work.identity)
            new[setting_id] = (work.setting, work.said.seen_at)
        missing = {key: setting_id for key in work.keys if key not in known}
        # A second adult of the same batch at a new workplace must find it listed already.
        known.update(missing)
        learnt.update(missing)
        found.append(setting_id)
    _list(tx, new)
    settings.know(tx, learnt)
    return found


def _list(tx: Transaction[Any], new: dict[str, tuple[Setting, Any]]) -> None:
    settings.add(tx, new)
    for setting_id, (said, _) in new.items():
        tx.publish(
            SettingListed(
                setting_id=setting_id,
                display_name=said.name,
                kind=said.kind,
                town=said.town,
                postcode=said.postcode,
            )
        )


def _works(tx: Transaction[Any], one: Said) -> Iterator[_Work]:
    hashed = sealing.key_hash(tx)
    for work in one.person.work:
        said = work.setting
        made = workplace(
            said.name, said.town, said.postcode, tuple((n.scheme, n.value) for n in said.identifiers)
        )
        if made is not None and made.identities:
            keys = tuple(hashed(f"setting|{identity}") for identity in made.identities)
            yield _Work(one, said, keys, made.identities[0], work.role[:40])


def _named(work: _Work) -> Named:
    return Named(work.said.contact_id, work.said.person.id, work.role, work.said.seen_at)
