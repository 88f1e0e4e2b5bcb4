"""From a contact whose threshold is met to a case, exactly once."""

from services.casework.actions import facts, timing
from services.casework.actions.chronology import tell
from services.casework.actions.patterns import tell_patterns
from services.casework.domain import clocks as clock_rules
from services.casework.domain import subject as subject_rules
from services.casework.domain.allegation import Allegation
from services.casework.domain.case import Case
from services.casework.domain.chronology import Source
from services.casework.domain.closing import Dossier
from services.casework.domain.course import Happened
from services.casework.domain.rules import Happening
from services.casework.store import cases, contacts, priors
from services.casework.store import clocks as clock_store
from services.casework.store.contacts import KnownContact
from shared import replicas
from shared.clock import new_id
from shared.contracts.casework import CaseOpened, CaseRestricted
from shared.contracts.intake import ContactReceived, ThresholdDecided
from shared.errors import Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Decision


def remember_contact(tx: Transaction, told: ContactReceived) -> None:
    """Keep what was told until the threshold is decided."""
    contacts.remember(tx, told)


def decide(tx: Transaction, decided: ThresholdDecided) -> None:
    """Open a case when the threshold is met.

    A later decision the other way is noted, and a person closes the case.
    """
    case_id = cases.take_by_contact(tx, decided.contact_id)
    if case_id is None and decided.decision is Decision.MET:
        open_case(tx, decided)
    # Facts never undo a case: people may have been told and meetings held.
    elif case_id is not None:
        words = f"Decision: {decided.decision.replace('_', ' ').lower()}. {decided.reasons}"
        tell(
            tx,
            case_id,
            "The threshold was decided again",
            words=words,
            source=Source.CONTACT,
            at=decided.decided_at,
        )


def open_case(tx: Transaction, decided: ThresholdDecided) -> str:
    """The case of a contact with its clocks and the beginning of its chronology. Raises Refused."""
    known = contacts.find(tx, decided.contact_id)
    if known is None:
        raise Refused("No contact is known for this decision. Ask for the contact to be sent again.")
    case_id = new_id()
    clocks = timing.begin(tx, case_id, _happened(known.told, decided))
    first = clock_rules.first_meeting(clocks)
    due = first.due_on if first else timing.setup_of(tx).calendar.effective_day(decided.decided_at)
    case = Case(
        id=case_id,
        contact_id=decided.contact_id,
        reference=known.told.reference,
        opened_at=tx.now,
        first_meeting_due=due,
        owner=decided.decided_by,
        live=tx.live,
        provider_aware_at=known.told.known_to_employer_at,
        children=known.told.children,
        files=tuple(file.ref.id for file in known.told.files),
    )
    dossier = _dossier(case, known.told)
    cases.add(tx, dossier)
    # Only now: what came with a contact that never became a case is none of casework's to open.
    for file in known.told.files:
        tx.tools.files.grant(tx, file.ref, name=file.name)
    clock_store.save(tx, clocks)
    _tell_beginning(tx, case, known.told, decided)
    _publish(tx, dossier, known)
    # The case now holds all of it; a second copy would be one more place to erase.
    contacts.forget(tx, decided.contact_id)
    return case_id


def _happened(told: ContactReceived, decided: ThresholdDecided) -> list[Happened]:
    found = [
        Happened(Happening.CONTACT_RECEIVED, told.received_at),
        Happened(Happening.THRESHOLD_DECIDED, decided.decided_at),
    ]
    # A moment after the contact is a slip of the form and would make a clock that stops before it starts.
    if told.known_to_employer_at and told.known_to_employer_at <= told.received_at:
        found.insert(0, Happened(Happening.ALLEGATION_KNOWN_TO_EMPLOYER, told.known_to_employer_at))
    return found


def _dossier(case: Case, told: ContactReceived) -> Dossier:
    return Dossier(
        case=case,
        subjects=tuple(subject_rules.from_person(case.id, adult) for adult in told.adults),
        allegations=tuple(Allegation(id=one.id, case_id=case.id, told=one) for one in told.allegations),
    )


def _tell_beginning(tx: Transaction, case: Case, told: ContactReceived, decided: ThresholdDecided) -> None:
    tell(tx, case.id, "Contact received", source=Source.CONTACT, at=told.received_at)
    criteria = f"Criteria: {', '.join(decided.criteria).lower()}. " if decided.criteria else ""
    words = criteria + decided.reasons
    tell(tx, case.id, "The threshold was met", words=words, source=Source.CONTACT, at=decided.decided_at)
    tell(tx, case.id, "Case opened")
    for prior in priors.of_contact(tx, case.contact_id):
        tell(
            tx, case.id, "Earlier concern found", words=prior.sentence, source=Source.MATCH, at=prior.found_at
        )
    tell_patterns(tx, case.id, case.contact_id)


def _publish(tx: Transaction, dossier: Dossier, known: KnownContact) -> None:
    case = dossier.case
    tx.publish(
        CaseOpened(
            case_id=case.id,
            contact_id=case.contact_id,
            reference=case.reference,
            opened_at=case.opened_at,
            first_meeting_due=case.first_meeting_due,
            adults=known.told.adults,
            children=known.told.children,
            allegations=known.told.allegations,
        )
    )
    # The contact's own restriction already hides it; this hides it from those who know only the case.
    if known.only or known.never:
        replicas.restrict(tx, case.id, only=known.only, never=known.never)
        tx.publish(CaseRestricted(case_id=case.id, only=known.only, never=known.never))
    facts.publish(tx, dossier)
