"""What other services said about a case or its contact, kept beside it and told in its chronology."""

from datetime import datetime

from services.casework.actions.chronology import tell
from services.casework.actions.closure import Barrier, apply_barrier
from services.casework.domain.chronology import Source
from services.casework.domain.duties import STATE_WORDS, Duty, body_words
from services.casework.domain.priors import Prior
from services.casework.store import cases, contacts, duties, erasing, priors
from shared.contracts.notifications import AboutNotice, NoticeDue
from shared.contracts.search import MatchFound
from shared.store.transaction import Transaction


def note_match(tx: Transaction, found: MatchFound) -> None:
    """Keep an earlier concern: an own record with its evidence in words, another authority's as a pointer
    only.
    """
    prior, case_id = _prior(found), cases.take_by_contact(tx, found.contact_id)
    is_new = priors.save(tx, prior)
    # A match may come before the case; then opening the case tells of it.
    if case_id and is_new:
        tell(
            tx, case_id, "Earlier concern found", words=prior.sentence, source=Source.MATCH, at=found.found_at
        )


def _prior(found: MatchFound) -> Prior:
    own, pointer = found.own, found.pointer
    # Exactly one of the two is set; a match with both would be shown as our own record only.
    band = own.band.value if own else pointer.band.value if pointer else ""
    return Prior(
        id=found.match_id,
        contact_id=found.contact_id,
        adult_id=found.person_id,
        band=band,
        found_at=found.found_at,
        own_contact_id=own.contact_id if own else "",
        own_last_activity=own.last_activity if own else None,
        evidence=tuple(line.words for line in own.evidence) if own else (),
        pointer=None if own else pointer,
    )


def judge_match(tx: Transaction, match_id: str, contact_id: str, state: str, title: str) -> None:
    """Keep what became of a match."""
    case_id = cases.take_by_contact(tx, contact_id)
    priors.set_state(tx, match_id, state)
    if case_id:
        tell(tx, case_id, title, source=Source.MATCH)


def withdraw_match(tx: Transaction, match_id: str, contact_id: str) -> None:
    """An earlier concern no longer holds."""
    case_id = cases.take_by_contact(tx, contact_id)
    if case_id is None and contacts.find(tx, contact_id) is None:
        # Found late, for a contact that has gone.
        priors.forget(tx, contact_id)
        return
    priors.blank(tx, match_id)
    if case_id:
        tell(tx, case_id, "An earlier concern no longer holds", source=Source.MATCH)


def forget_contact(tx: Transaction, contact_id: str) -> None:
    """Drop what is known of a contact, what was found for it and what held it."""
    erasing.forget_contact(tx, contact_id)


def note_duty(tx: Transaction, due: NoticeDue) -> None:
    """Keep a duty of a case; duties about a contact without a case are none of casework's."""
    if not cases.taken(tx, due.case_id):
        return
    duty = Duty(
        id=due.notice_id,
        case_id=due.case_id,
        rule=due.rule,
        basis=due.basis.value,
        duty_of=due.duty_of,
        recipient=due.recipient,
        adult_id=due.adult_id,
        due_on=due.due_on,
        state="due",
        state_at=due.raised_at,
    )
    duties.save(tx, duty)
    by = f"by {due.due_on.day} {due.due_on:%B %Y}" if due.due_on else "without delay"
    words = f"{body_words(due.duty_of)} to tell {body_words(due.recipient)} {by}."
    tell(
        tx,
        due.case_id,
        f"{due.basis.capitalize()} to tell raised ({due.rule})",
        words=words,
        source=Source.NOTICE,
        at=due.raised_at,
    )


def note_duty_state(tx: Transaction, notice: AboutNotice, state: str, at: datetime) -> None:
    """Keep how a duty of a case stands now."""
    there = cases.taken(tx, notice.case_id)
    duty = duties.set_state(tx, notice.notice_id, state, at) if there else None
    if duty:
        words = f"To {body_words(duty.recipient)}, rule {duty.rule}."
        tell(tx, duty.case_id, f"{STATE_WORDS[state]}", words=words, source=Source.NOTICE, at=at)


def note_contact(tx: Transaction, contact_id: str, title: str, at: datetime) -> None:
    """Tell what happened to the contact in the chronology of its case, if there is one."""
    case_id = cases.take_by_contact(tx, contact_id)
    if case_id:
        tell(tx, case_id, title, source=Source.CONTACT, at=at)


def follow_restriction(
    tx: Transaction, contact_id: str, only: tuple[str, ...], never: tuple[str, ...]
) -> None:
    """Close the case to whom the contact is closed to, or remember it for a case to come."""
    case_id = cases.take_by_contact(tx, contact_id)
    if case_id is None:
        contacts.close_to(tx, contact_id, only, never)
        return
    apply_barrier(tx, case_id, Barrier(only=only, never=never))
    tell(tx, case_id, "Access to the contact changed", source=Source.CONTACT)
