"""A contact that was erased: taken out of the index, of matches and people, and of what was shown."""

from services.search.actions import indexing, matching, telling, watching
from services.search.domain.judgement import State
from services.search.gateways.port import Index
from services.search.store import erasing, matches, mentions
from shared.contracts.search import MatchWithdrawn
from shared.store.transaction import Transaction


def erase(tx: Transaction[Index], contact_id: str) -> None:
    """Both sides of each match learn that it no longer holds; a fact about the contact that is heard later
    brings nothing back."""
    about = watching.touched(tx, [contact_id])
    for kept in mentions.find(tx, [contact_id]).values():
        indexing.unfile(tx, kept.number)
    for one in matches.take_of_either(tx, contact_id):
        if one.state is not State.WITHDRAWN:
            matching.withdraw_here_and_there(tx, one)
        # What was told of the pair says in words what the two records have in common.
        tx.overwrite(MatchWithdrawn(match_id=one.match_id, contact_id=one.contact_id))
    telling.forget(tx, contact_id)
    erasing.erase(tx, contact_id)
    watching.look_at(tx, about)


def erase_case(tx: Transaction[Index], case_id: str, contact_id: str) -> None:
    """The same for a contact with its case, of which nothing counts any more either."""
    erase(tx, contact_id)
    erasing.note(tx, case_id)
