"""Searches that people make: with a purpose and a reason beyond the own authority, written down, and told
to holders."""

from typing import Any, NamedTuple

from services.search.actions import asking, telling, vetting
from services.search.actions.indexing import YOUNGEST
from services.search.actions.vetting import Vetted, Wish
from services.search.domain.portrait import portray
from services.search.gateways.port import Index
from services.search.store import mentions, references, searches
from services.search.store.crossing import Answer, Hit, Question
from services.search.store.searches import OwnHit, Result, Search
from shared.clock import new_id
from shared.store.transaction import Transaction

MOST_SHOWN = 50
TOO_SOON = "You have searched the region very often within the hour. Wait a while, then search again."


class Made(NamedTuple):
    """A search as it was written down; `refusal` says why it was not answered."""

    search_id: str
    refusal: str = ""


def run_search(tx: Transaction[Index], wish: Wish) -> Made:
    """Search, write down what was asked and shown, tell the holders of what was pointed at.

    One that comes too soon is written down and not answered: whoever tries values out must be seen to do
    it. Raises Invalid for a search that is empty or may not cross."""
    made = portray(wish.asked, latest_year=tx.now.year - YOUNGEST)
    vetted = vetting.vet(tx, wish, made)
    if vetted.must_wait:
        return _write(tx, wish, vetted, (), Answer())
    # No contact id: a search is not about a record of ours, so no match may grow from it.
    question = Question(made, purpose=wish.purpose, reach=wish.reach == vetting.REGION)
    answer = asking.ask(tx, question) if made.kinds else Answer()
    own = (*_referred(tx, wish.reference), *(_own_hit(hit) for hit in _visible(tx, answer)))[:MOST_SHOWN]
    written = _write(tx, wish, vetted, own, answer)
    # Whatever a pointer was shown for: the holder answers for who was told of its records.
    telling.tell_holders(tx, answer.others[:MOST_SHOWN])
    return written


def _write(tx: Transaction[Any], wish: Wish, vetted: Vetted, own: tuple[OwnHit, ...], answer: Answer) -> Made:
    search_id, reason = new_id(), wish.reason.strip()
    others = answer.others[:MOST_SHOWN]
    pointers = tuple(told.pointer for told in others)
    known = tuple((told.pointer.reference, told.match_id) for told in others if told.is_known)
    result = Result(wish.asked, reason, wish.reference.strip(), own, pointers, known)
    # A search that had to wait does not lengthen the wait: its prints are not counted again.
    prints = {} if vetted.must_wait else dict(vetted.prints)
    searches.keep(
        tx,
        Search(
            search_id, tx.scope.actor.id, tx.now, wish.reach, wish.purpose, wish.contact_id, prints,
            vetted.flags, result,
        ),
    )  # fmt: skip
    found = (*(one.contact_id for one in own), *(one.reference for one in pointers))
    act = "refused" if vetted.must_wait else "searched"
    tx.accessed(act, "search", search_id, purpose=wish.purpose, reason=reason, found=found)
    return Made(search_id, TOO_SOON if vetted.must_wait else "")


def _visible(tx: Transaction[Any], answer: Answer) -> list[Hit]:
    """The own hits whose contacts are open to whoever searches."""
    best = answer.own[: MOST_SHOWN * 2]
    seen = mentions.of_contacts(tx, [hit.contact_id for hit in best])
    return [hit for hit in best if (hit.contact_id, hit.person_id) in seen]


def _own_hit(hit: Hit) -> OwnHit:
    grounds = hit.grounds
    lines = tuple((line.field, line.words, round(line.bits, 2)) for line in grounds.lines)
    return OwnHit(
        hit.contact_id,
        hit.person_id,
        hit.band.value,
        round(grounds.probability, 4),
        round(grounds.bits, 2),
        hit.active_at,
        lines,
        grounds.flags,
    )


def _referred(tx: Transaction[Any], reference: str) -> list[OwnHit]:
    """The adults of the own contact or case with that reference."""
    contact_id = references.contact_of(tx, reference) if reference.strip() else None
    if contact_id is None:
        return []
    seen = mentions.of_contacts(tx, [contact_id])
    at = (mentions.state(tx, contact_id) or (tx.now, False))[0]
    line = (("reference", "reference agrees", 0.0),)
    return [OwnHit(contact_id, person_id, "strong", 1.0, 0.0, at, line) for _, person_id in sorted(seen)]
