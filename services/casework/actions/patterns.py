"""Patterns that search found, told to the cases of their contacts: also to one that opens later."""

from collections.abc import Collection

from services.casework.actions.chronology import tell
from services.casework.domain.chronology import Source
from services.casework.domain.patterns import Pattern
from services.casework.store import cases
from services.casework.store import patterns as store
from shared.contracts.search import PatternFound
from shared.store.transaction import Transaction


def note_pattern(tx: Transaction, found: PatternFound) -> None:
    """Tell the cases that are new to it, unless that would tell of closed records; and those that were told
    before, which it is about no longer.
    """
    _tell_apart(tx, found.pattern_id, found.contact_ids)
    one = Pattern(id=found.pattern_id, reference=found.reference, kind=found.kind, needs=found.needs)
    # A pattern may come before the case, and before the contact; then opening the case tells of it.
    store.keep(tx, one, found.contact_ids)
    for contact_id in found.added:
        case_id = cases.take_by_contact(tx, contact_id)
        if case_id:
            _tell(tx, case_id, contact_id, [each for each in store.of_contact(tx, contact_id) if each == one])


def tell_patterns(tx: Transaction, case_id: str, contact_id: str) -> None:
    """Tell a case that opens which patterns its contact is part of."""
    _tell(tx, case_id, contact_id, store.of_contact(tx, contact_id))


def withdraw_pattern(tx: Transaction, pattern_id: str) -> None:
    """Tell every case that was told of it that it is a pattern no longer."""
    _tell_apart(tx, pattern_id, ())


def _tell(tx: Transaction, case_id: str, contact_id: str, known: Collection[Pattern]) -> None:
    for one in known:
        if store.tell(tx, one.id, contact_id):
            tell(tx, case_id, "Part of a pattern", words=one.sentence, source=Source.MATCH)


def _tell_apart(tx: Transaction, pattern_id: str, still: Collection[str]) -> None:
    for contact_id, reference in store.take_out(tx, pattern_id, still):
        case_id = cases.take_by_contact(tx, contact_id)
        if case_id:
            words = f"{reference}: records were corrected, parted, cleared or erased."
            tell(tx, case_id, "No longer part of a pattern", words=words, source=Source.MATCH)
