"""Patterns that search found, told to the cases of their contacts: also to one that opens later."""

from collections.abc import Collection, Iterable, Mapping

from services.casework.actions.chronology import tell
from services.casework.domain.chronology import Source
from services.casework.domain.patterns import Pattern, finding_words
from services.casework.store import cases, erasing
from services.casework.store import patterns as store
from shared.contracts.search import PatternFound, PatternReviewed
from shared.store.transaction import Transaction

_TAKEN_BACK = "records were corrected, parted, cleared or erased."


def note_pattern(tx: Transaction, found: PatternFound) -> None:
    """Tell the cases that are new to it, unless that would tell of closed records; and those that were told
    before, which it is about no longer.
    """
    of_contacts = _take(tx, found.pattern_id, found.contact_ids)
    about = set(found.contact_ids) - erasing.erased_among(tx, found.contact_ids)
    _tell_apart(tx, of_contacts, store.take_out(tx, found.pattern_id, about))
    one = Pattern(id=found.pattern_id, reference=found.reference, kind=found.kind, needs=found.needs)
    # A pattern may come before the case, and before the contact; then opening the case tells of it.
    store.keep(tx, one, about)
    for contact_id in found.added:
        if contact_id in of_contacts:
            known = [each for each in store.of_contact(tx, contact_id) if each.id == one.id]
            _tell(tx, of_contacts[contact_id], contact_id, known)


def tell_patterns(tx: Transaction, case_id: str, contact_id: str) -> None:
    """Tell a case that opens which patterns its contact is part of."""
    _tell(tx, case_id, contact_id, store.of_contact(tx, contact_id))


def review_pattern(tx: Transaction, reviewed: PatternReviewed) -> None:
    """Tell every case that was told of it what somebody found who looked at it."""
    of_contacts = _take(tx, reviewed.pattern_id)
    told = store.review(tx, reviewed.pattern_id, reviewed.finding)
    words, at = f"{finding_words(reviewed.finding).lower()}.", reviewed.reviewed_at
    for case_id, reference in _cases(of_contacts, told):
        tell(tx, case_id, "A pattern was reviewed", words=f"{reference}: {words}", source=Source.MATCH, at=at)


def withdraw_pattern(tx: Transaction, pattern_id: str) -> None:
    """Tell every case that was told of it that it is a pattern no longer."""
    _tell_apart(tx, _take(tx, pattern_id), store.take_out(tx, pattern_id))


def _take(tx: Transaction, pattern_id: str, contact_ids: Collection[str] = ()) -> dict[str, str]:
    # Before the pattern's own rows, as an erasure does, so that neither waits for the other.
    return cases.take_by_contacts(tx, {*store.contacts_of(tx, pattern_id), *contact_ids})


def _tell(tx: Transaction, case_id: str, contact_id: str, known: Collection[Pattern]) -> None:
    for one in known:
        if store.tell(tx, one.id, contact_id):
            tell(tx, case_id, "Part of a pattern", words=one.sentence, source=Source.MATCH)


def _tell_apart(tx: Transaction, of_contacts: Mapping[str, str], told: Iterable[tuple[str, str]]) -> None:
    for case_id, reference in _cases(of_contacts, told):
        words = f"{reference}: {_TAKEN_BACK}"
        tell(tx, case_id, "No longer part of a pattern", words=words, source=Source.MATCH)


def _cases(of_contacts: Mapping[str, str], told: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The cases of these contacts, each with the pattern's reference."""
    return [
        (of_contacts[contact_id], reference) for contact_id, reference in told if contact_id in of_contacts
    ]
