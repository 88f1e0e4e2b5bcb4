"""What holders learn of the pointers to their records that other authorities were shown."""

from collections.abc import Collection, Iterable
from typing import Any

from services.search.store import concerns, crossing, merging, searches
from services.search.store.crossing import Told
from shared.contracts.message import Origin
from shared.contracts.search import PointerShown, PointerWithdrawn
from shared.store.transaction import Transaction


def tell_holders(tx: Transaction[Any], others: Iterable[Told]) -> None:
    """Each holder to whom it is news that another authority was shown a pointer to a record of theirs."""
    for told in others:
        if not told.holder_told:
            continue
        with tx.within(crossing.as_holder(tx, told.pointer.holder)):
            note = searches.shown_by_reference(tx, told.pointer.reference)
            if note is not None:
                tx.publish(
                    PointerShown(
                        reference=note.reference,
                        contact_id=note.contact_id,
                        person_id=note.person_id,
                        asker=note.asker,
                        purpose=note.purpose,
                        shown_at=note.last_at,
                    )
                )


def withdraw(tx: Transaction[Any], contact_id: str) -> None:
    """Nobody may quote a pointer to this contact any more."""
    _withdraw(tx, [contact_id], at_settings=False)


def forget(tx: Transaction[Any], contact_id: str) -> None:
    """The same once it is erased; nothing says any more to which contact its pointers led."""
    withdraw(tx, contact_id)
    for reference in searches.shown_of(tx, contact_id):
        tx.overwrite(PointerWithdrawn(reference=reference, withdrawn_at=tx.now))


def withdraw_cleared(tx: Transaction[Any], contact_id: str) -> None:
    """The same for settings once every adult of the concern was cleared: it counts there no longer."""
    reports = merging.reports_of(tx, contact_id)
    # What another report of it says still stands.
    if not concerns.of_contacts(tx, reports):
        _withdraw(tx, reports, at_settings=True)


def _withdraw(tx: Transaction[Any], contact_ids: Collection[str], *, at_settings: bool) -> None:
    # A rebuild hears of what was closed and opened again long ago; what was shown is kept as it stands.
    if tx.scope.origin is Origin.REBUILD:
        return
    for reference in searches.withdraw_shown(tx, contact_ids, at_settings=at_settings):
        tx.publish(PointerWithdrawn(reference=reference, withdrawn_at=tx.now))
