"""Which other authorities may hold concerns about a setting, and telling them who was pointed there."""

from collections.abc import Sequence
from typing import Any

from services.search.actions.telling import tell_holders
from services.search.domain.purposes import AT_SETTING
from services.search.domain.workplaces import body_known_by
from services.search.store import crossing_settings, register, settings
from services.search.store.crossing_settings import Place
from services.search.store.settings import Listed
from shared.contracts.people import Pointer
from shared.store.transaction import Transaction


def others_at(tx: Transaction[Any], one: Listed) -> Sequence[Pointer] | None:
    """Pointers for the setting and the body that runs it; None when nobody was asked.

    Who asks has a concern there that is closed to nobody: others learn of it by being told who was shown
    what, and the register is not for trying out where others have concerns."""
    if crossing_settings.latest(tx, settings.line(tx, one.setting_id)) is None:
        return None
    place = Place(one.setting_id, crossing_settings.keys_of(tx, one.setting_id), _bodies(tx, one))
    others = crossing_settings.ask(tx, place, AT_SETTING)
    tell_holders(tx, others)
    return [told.pointer for told in others]


def _bodies(tx: Transaction[Any], one: Listed) -> tuple[str, ...]:
    provider = register.provider_of(tx, one.provider_id) if one.provider_id else None
    return body_known_by(provider.name, provider.company) if provider else ()
