"""Searches that people make: with a purpose and a reason beyond the own authority, written down, and told
to holders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.search.actions import asking, matching
from services.search.actions.indexing import YOUNGEST
from services.search.domain import probing, purposes
from services.search.domain.portrait import Portrait, portray
from services.search.domain.script import words
from services.search.gateways.port import Index
from services.search.store import mentions, references, searches
from services.search.store.crossing import Answer, Hit, Question
from services.search.store.searches import OwnHit, Result, Search
from shared import replicas
from shared.clock import new_id
from shared.contracts.people import Person
from shared.contracts.search import PointerShown
from shared.errors import Invalid, Refused
from shared.store.transaction import Transaction

OWN, REGION = "own", "region"
MOST_SHOWN = 50


@dataclass(frozen=True)
class Wish:
    """What somebody asks. `reference` finds an own contact by its number; `contact_id` says what the search
    is for."""

    asked: Person
    reach: str = OWN
    purpose: str = ""
    reason: str = ""
    reference: str = ""
    contact_id: str = ""


def run_search(tx: Transaction[Index], wish: Wish) -> str:
    """Search, write down what was asked and shown, tell the holders of what was pointed at. Returns the
    search's id.

    Raises Invalid for a search that is empty or may not cross, Refused when there were too many within the
    hour."""
    made = portray(wish.asked, latest_year=tx.now.year - YOUNGEST)
    _check(tx, wish, made)
    prints = _prints(tx, made)
    flags = _flags(tx, wish, made, prints)
    # No contact id: a search is not about a record of ours, so no match may grow from it.
    question = Question(made, purpose=wish.purpose, reach=wish.reach == REGION)
    answer = asking.ask(tx, question) if made.kinds else Answer()
    search_id = new_id()
    own = (*_referred(tx, wish.reference), *(_own_hit(hit) for hit in _visible(tx, answer)))[:MOST_SHOWN]
    pointers = tuple(told.pointer for told in answer.others[:MOST_SHOWN])
    searches.keep(
        tx,
        Search(
            search_id,
            tx.scope.actor.id,
            tx.now,
            wish.reach,
            wish.purpose,
            wish.contact_id,
            prints,
            flags,
            Result(wish.asked, wish.reason.strip(), wish.reference.strip(), own, pointers),
        ),
    )
    found = (*(one.contact_id for one in own), *(one.reference for one in pointers))
    tx.accessed(
        "searched", "search", search_id, purpose=wish.purpose, reason=wish.reason.strip(), found=found
    )
    # Whatever a pointer was shown for: the holder answers for who was told of its records.
    _tell_holders(tx, answer)
    return search_id


def purposes_of(tx: Transaction[Any]) -> dict[str, str]:
    """The authority's list of purposes, else the shipped one."""
    own = replicas.configuration(tx, "search_purposes")
    return purposes.read(own) if isinstance(own, Mapping) else purposes.shipped()


def _check(tx: Transaction[Any], wish: Wish, made: Portrait) -> None:
    if not made.kinds and not wish.reference.strip():
        raise Invalid(
            "Enter something to search for.", {"given": ["Enter a name or something else that is known."]}
        )
    if wish.reach != REGION:
        return
    wrong: dict[str, list[str]] = {}
    if wish.purpose not in purposes_of(tx):
        wrong["purpose"] = ["Choose why you search beyond your own authority."]
    if not wish.reason.strip():
        wrong["reason"] = ["Enter the reason for this search; it is kept and can be reviewed."]
    if "names" not in made.kinds or len(made.kinds) < 2:
        wrong["surname"] = [
            "Beyond your own authority, enter a name and at least one more thing that is known."
        ]
    if wrong:
        raise Invalid("This search needs more before it can reach beyond your own authority.", wrong)


def _prints(tx: Transaction[Any], made: Portrait) -> dict[str, str]:
    """Keyed hashes of the fields, by which a row of searches can be compared without keeping its words."""
    return {
        kind: tx.tools.vault.fingerprint("search|print", repr(getattr(made, kind)))[:16]
        for kind in sorted(made.kinds)
    }


def _flags(tx: Transaction[Any], wish: Wish, made: Portrait, prints: Mapping[str, str]) -> tuple[str, ...]:
    self_search = probing.about_oneself(
        [name.words for name in made.names], words(tx.scope.actor.display_name)
    )
    # Flagged and not refused: a common surname is no offence, and a refusal would teach the prober.
    flags = [self_search] if self_search else []
    if wish.reach == REGION:
        earlier = searches.prints_since(tx, tx.scope.actor.id, tx.now - probing.WINDOW)
        if probing.is_too_many(earlier):
            raise Refused(
                "You have made many searches of the region within the hour. Wait a while, then search again."
            )
        if probing.varies_one_field(prints, earlier):
            flags.append("varies_one_field")
    return tuple(flags)


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


def _tell_holders(tx: Transaction[Any], answer: Answer) -> None:
    for told in answer.others[:MOST_SHOWN]:
        if not told.holder_told:
            continue
        with tx.within(matching.as_system(tx, told.pointer.holder)):
            note = searches.shown_by_reference(tx, told.pointer.reference)
            if note is not None:
                tx.publish(
                    PointerShown(
                        reference=note.reference,
                        contact_id=note.contact_id,
                        person_id=note.person_id,
                        asker=note.asker,
                        purpose=note.purpose,
                        shown_at=note.first_at,
                    )
                )
