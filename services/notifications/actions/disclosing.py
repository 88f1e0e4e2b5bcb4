"""Asking another authority to disclose what it holds, and its answer: the one place of notifications where
two authorities meet.

Each side gets a row and facts of its own. What crosses is what the asker wrote and what the holder decided to
say, both written for the other's eyes."""

from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_OID, uuid5

from services.notifications.domain.disclosure import Answer, Asked, Disclosure, Side, State, days_of
from services.notifications.store import disclosures as store
from shared import replicas, working_days
from shared.actor import Actor, Scope
from shared.clock import LONDON
from shared.contracts.notifications import (
    DisclosureGiven,
    DisclosureOverdue,
    DisclosureRefused,
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
        theirs, due_on = store.contact_behind(tx, asker, reference), _due_on(tx)
        if theirs is None:
            raise Refused(_UNKNOWN)
        held = replace(mine, side=Side.HOLDING, other=asker, contact_id=theirs, asked_by="", due_on=due_on)
        _open(tx, held)
    _open(tx, replace(mine, due_on=due_on))
    return mine.id


def _id(asker: str, holder: str, reference: str, before: int) -> str:
    return str(uuid5(NAMESPACE_OID, f"{asker}/{holder}/{reference}/{before}"))


def _due_on(tx: Transaction) -> date:
    days = days_of(replicas.configuration(tx, CLOCK))
    return working_days.of(tx).add_working_days(tx.now, days)


def warn_silent(office: Office) -> int:
    """Say, once and to both sides, that nobody answered by the day."""
    today = office.now.astimezone(LONDON).date()
    with office.transaction() as tx:
        late = store.late(tx, today, _BATCH)
    for disclosure_id in late:
        with office.transaction() as tx:
            store.lock(tx, disclosure_id)
            one = store.find(tx, disclosure_id)
            # It may have been answered between the list and now.
            if one and one.state is State.REQUESTED and one.overdue_at is None and one.due_on:
                store.save(tx, replace(one, overdue_at=tx.now))
                tx.publish(
                    DisclosureOverdue(
                        disclosure_id=one.id,
                        side=one.side.value,
                        contact_id=one.contact_id,
                        due_on=one.due_on,
                    )
                )
    return len(late)


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
            disclosure_id=one.id,
            side=one.side.value,
            other=one.other,
            reference=one.reference,
            contact_id=one.contact_id,
            requested_at=one.asked_at,
            due_on=one.due_on,
        )
    )


def _close(tx: Transaction, one: Disclosure) -> None:
    store.save(tx, one)
    fact = DisclosureGiven if one.state is State.GIVEN else DisclosureRefused
    tx.publish(fact(disclosure_id=one.id, side=one.side.value, contact_id=one.contact_id, decided_at=tx.now))


def _as_system(tx: Transaction, authority: str) -> Scope:
    scope = tx.scope
    return Scope(authority, Actor("system:disclosure"), scope.correlation_id, scope.origin, scope.as_of)
