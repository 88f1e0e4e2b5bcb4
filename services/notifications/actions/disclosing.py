"""Asking another authority to disclose what it holds, and its answer: the one place of notifications where
two authorities meet.

Each side gets a row and facts of its own. What crosses is what the asker wrote and what the holder decided to
say, both written for the other's eyes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State, pace_of
from services.notifications.store import disclosures as store
from shared import replicas, working_days
from shared.actor import Actor, Scope
from shared.clock import LONDON
from shared.contracts.notifications import (
    DisclosureGiven,
    DisclosureOverdue,
    DisclosureRefused,
    DisclosureReminded,
    DisclosureRequested,
)
from shared.errors import Conflict, Invalid, Refused
from shared.service import Office
from shared.store.transaction import Transaction

CLOCK = "disclosure_clock"
_BATCH = 100
_UNKNOWN = (
    "The other authority does not know this reference. If it was shown just now, wait a minute and ask "
    "again; else the match was withdrawn."
)


def request(tx: Transaction, holder: str, reference: str, asked: Asked, contact_id: str = "") -> str:
    """Ask for what is behind a pointer; what was asked already and waits is returned and not repeated.

    Raises NotFound for an unknown authority, Refused for a reference that the holder does not know."""
    replicas.authority(tx, holder)
    if holder == tx.authority:
        raise Invalid("Your own authority’s records are open to you without a request.")
    before = store.open_request(tx, holder, reference)
    if before is not None:
        return before.id
    # The same for two who ask at the same moment, so that the second finds what the first made.
    request_id = _id(tx.authority, holder, reference, store.asked_before(tx, holder, reference))
    mine = Disclosure(
        request_id, Side.ASKING, holder, reference, contact_id, State.REQUESTED, tx.now, asked,
        asked_by=tx.scope.actor.id,
    )  # fmt: skip
    asker = tx.authority
    with tx.within(_as_system(tx, holder)):
        theirs = store.contact_behind(tx, asker, reference)
        if theirs is None:
            raise Refused(_UNKNOWN)
        held = _with_days(tx, replace(mine, side=Side.HOLDING, other=asker, contact_id=theirs, asked_by=""))
        _open(tx, held)
    _open(tx, replace(mine, due_on=held.due_on))
    return mine.id


def _id(asker: str, holder: str, reference: str, before: int) -> str:
    return str(uuid5(NAMESPACE_OID, f"{asker}/{holder}/{reference}/{before}"))


def _with_days(tx: Transaction, held: Disclosure) -> Disclosure:
    pace, calendar = pace_of(replicas.configuration(tx, CLOCK)), working_days.of(tx)
    return replace(
        held,
        due_on=calendar.add_working_days(tx.now, pace.days),
        remind_on=calendar.add_working_days(tx.now, pace.days - pace.remind),
    )


def remind_holder(office: Office) -> int:
    """Say once to the holder that the day for an answer is near, or passed while nobody could say so."""
    return _say_once(office, store.soon, DisclosureReminded, "reminded_at")


def warn_silent(office: Office) -> int:
    """Say, once and to both sides, that nobody answered by the day."""
    return _say_once(office, store.late, DisclosureOverdue, "overdue_at")


def _say_once(
    office: Office,
    due: Callable[[Transaction, date, int], list[str]],
    fact: type[DisclosureReminded | DisclosureOverdue],
    said_at: str,
) -> int:
    with office.transaction() as tx:
        found = due(tx, _today(tx), _BATCH)
    for disclosure_id in found:
        with office.transaction() as tx:
            one = _still_waits(tx, disclosure_id)
            if one and one.due_on and getattr(one, said_at) is None:
                now: dict[str, Any] = {said_at: tx.now}
                store.save(tx, replace(one, **now))
                tx.publish(fact(**_about(one), due_on=one.due_on))
    return len(found)


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(LONDON).date()


def _still_waits(tx: Transaction, disclosure_id: str) -> Disclosure | None:
    """It may have been answered since it was listed."""
    store.lock(tx, disclosure_id)
    one = store.find(tx, disclosure_id)
    return one if one and one.state is State.REQUESTED else None


def _about(one: Disclosure) -> dict[str, str]:
    return {"disclosure_id": one.id, "side": one.side.value, "contact_id": one.contact_id}


def decide(tx: Transaction, disclosure_id: str, state: State, answer: Answer) -> None:
    """The holder gives or refuses, once. Raises NotFound, Conflict when it was decided already, Refused for
    the side that asked."""
    store.lock(tx, disclosure_id)
    one = store.get(tx, disclosure_id)
    if one.side is not Side.HOLDING:
        raise Refused("The authority that holds the record decides on this.")
    if one.state is not State.REQUESTED:
        raise Conflict("Somebody decided this meanwhile. Load the page again.")
    decided = replace(one, state=state, decided_at=tx.now, decided_by=tx.scope.actor.id, answer=answer)
    _close(tx, decided)
    # The asker reads the answer and not the considerations, nor who weighed them.
    told = Answer(words=answer.words)
    with tx.within(_as_system(tx, one.other)):
        theirs = store.find(tx, disclosure_id)
        if theirs is not None:
            _close(tx, replace(theirs, state=state, decided_at=tx.now, answer=told))


def _open(tx: Transaction, one: Disclosure) -> None:
    if not store.add(tx, one):
        return
    tx.publish(
        DisclosureRequested(
            **_about(one),
            other=one.other,
            reference=one.reference,
            requested_at=one.asked_at,
            due_on=one.due_on,
        )
    )


def _close(tx: Transaction, one: Disclosure) -> None:
    store.save(tx, one)
    fact = DisclosureGiven if one.state is State.GIVEN else DisclosureRefused
    tx.publish(fact(**_about(one), decided_at=tx.now))


def _as_system(tx: Transaction, authority: str) -> Scope:
    scope = tx.scope
    return Scope(authority, Actor("system:disclosure"), scope.correlation_id, scope.origin, scope.as_of)
