"""A setting's last three years are gone through record by record, and a manager signs what was found."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.search.actions.registering import setting_of
from services.search.store import happenings, lookbacks, placings, settings
from services.search.store.happenings import Happening, Window
from services.search.store.lookbacks import Lookback, Mark, Words
from shared import replicas
from shared.clock import new_id
from shared.contracts.findings import PlacingAuthority
from shared.contracts.search import LookbackMarked, LookbackOpened, LookbackSigned
from shared.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Role

SPAN = timedelta(days=3 * 365.25)
# More records than any one setting has; a page and an export stay bounded.
MOST = 5_000


def open_lookback(tx: Transaction[Any], setting_id: str, reason: str) -> str:
    """Begin to look back from now. Returns its id. Raises Invalid without a reason, Conflict while another is
    open.
    """
    if not reason.strip():
        raise Invalid("Enter why you look back.", {"reason": ["Enter why you look back at this setting."]})
    setting = setting_of(tx, setting_id)
    line = settings.line(tx, setting.setting_id)
    if any(one.state == lookbacks.OPEN for one in lookbacks.of_setting(tx, line)):
        raise Conflict("A look-back of this setting is open already. Finish it before you open another.")
    actor = tx.scope.actor.id
    made = Lookback(
        new_id(), setting_id, lookbacks.OPEN, tx.now - SPAN, tx.now, actor, tx.now, Words(reason.strip())
    )
    lookbacks.put(tx, made)
    tx.publish(
        LookbackOpened(
            lookback_id=made.lookback_id,
            setting_id=setting_id,
            since=made.since,
            until=made.until,
            opened_by=actor,
        )
    )
    return made.lookback_id


def lookback_of(tx: Transaction[Any], lookback_id: str) -> Lookback:
    """One of the authority. Raises NotFound."""
    one = lookbacks.one(tx, lookback_id)
    if one is None:
        raise NotFound("There is no such look-back in your authority.")
    return one


def window_of(tx: Transaction[Any], one: Lookback) -> Window:
    """What it looks at: the setting and all that it followed."""
    return Window(settings.line(tx, one.setting_id), one.since, one.until)


def item_of(tx: Transaction[Any], one: Lookback, happening_id: str) -> Happening:
    """One record of it that is open to the actor. Raises NotFound."""
    found = happenings.visible(tx, window_of(tx, one), happening_id)
    if found is None:
        raise NotFound("This record is not part of the look-back, or it is closed to you.")
    return found


def mark(tx: Transaction[Any], lookback_id: str, happening_id: str, *, actioned: bool, reason: str) -> None:
    """Say whether a record was acted on at the time, and why that is thought. Raises Invalid without a
    reason, Refused once it is signed.
    """
    if not reason.strip():
        raise Invalid("Enter the reason.", {"reason": ["Enter what was done, or why nothing was."]})
    one = _unsigned(tx, lookback_id)
    item, actor = item_of(tx, one, happening_id), tx.scope.actor.id
    made = Mark(
        item.happening_id, item.contact_id, actioned, item.code, item.state, actor, tx.now, reason.strip()
    )
    lookbacks.mark(tx, lookback_id, made)
    tx.publish(
        LookbackMarked(
            lookback_id=lookback_id, happening_id=item.happening_id, contact_id=item.contact_id,
            actioned=actioned, marked_by=actor, marked_at=tx.now,
        )
    )  # fmt: skip


def sign(tx: Transaction[Any], lookback_id: str, closing: str) -> None:
    """A manager answers for it. Raises Refused while a record is unmarked, NotAllowed for anybody else."""
    if not tx.scope.actor.has(Role.MANAGER):
        raise NotAllowed("A manager signs a look-back.")
    one = _unsigned(tx, lookback_id)
    window = window_of(tx, one)
    found = lookbacks.tally(tx, one, window)
    if found["todo"]:
        raise Refused(f"Mark every record first: {found['todo']} are still to be marked.")
    words = replace(one.words, closing=closing.strip())
    signed = replace(one, state=lookbacks.SIGNED, signed_by=tx.scope.actor.id, signed_at=tx.now, words=words)
    lookbacks.put(tx, signed)
    tx.publish(_fact(tx, signed, window, found))


def placing_authorities(tx: Transaction[Any], window: Window) -> dict[str, list[str]]:
    """Who placed children at the setting, as far as its records say, by what they are called."""
    names = {one.code.casefold(): one.display_name for one in replicas.authorities(tx)}
    found: dict[str, list[str]] = {}
    contacts = [one.contact_id for one in happenings.at_settings(tx, window, 0, MOST)]
    for said, contact_ids in placings.of_contacts(tx, set(contacts)).items():
        found.setdefault(names.get(said.casefold(), said), []).extend(contact_ids)
    return found


def _fact(tx: Transaction[Any], one: Lookback, window: Window, found: dict[str, int]) -> LookbackSigned:
    setting = setting_of(tx, one.setting_id)
    placed = placing_authorities(tx, window)
    return LookbackSigned(
        lookback_id=one.lookback_id, setting_id=one.setting_id, reference=one.reference,
        display_name=setting.said.name, town=setting.said.town, since=one.since, until=one.until,
        actioned=found["actioned"], not_actioned=found["not_actioned"],
        outstanding=tuple(lookbacks.outstanding(tx, one, window)),
        placing=tuple(PlacingAuthority(name=name, contact_ids=tuple(ids)) for name, ids in placed.items()),
        signed_by=one.signed_by, signed_at=one.signed_at or tx.now,
    )  # fmt: skip


def _unsigned(tx: Transaction[Any], lookback_id: str) -> Lookback:
    # Else a record could be marked while it is signed, or it be signed twice.
    lookbacks.lock(tx, lookback_id)
    one = lookback_of(tx, lookback_id)
    if one.state == lookbacks.SIGNED:
        raise Refused("This look-back is signed and cannot change. Open another one.")
    return one
