"""Whether a search may be made, and what of it somebody should look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.search.actions.indexing import YOUNGEST
from services.search.domain import inquiry, probing, purposes
from services.search.domain.portrait import Portrait
from services.search.domain.script import words
from services.search.store import references, searches
from shared import replicas
from shared.contracts.people import Person
from shared.errors import Invalid, NotAllowed
from shared.store.transaction import Transaction
from shared.vocabulary import Role

OWN, REGION = "own", "region"


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


@dataclass(frozen=True)
class Vetted:
    """`prints` are keyed hashes of the fields; `flags` are for the auditor; `must_wait` when it comes too
    soon."""

    prints: Mapping[str, str]
    flags: tuple[str, ...]
    must_wait: bool


def vet(tx: Transaction[Any], wish: Wish, made: Portrait) -> Vetted:
    """Raises Invalid for a search that is empty, unreadable or may not cross, NotAllowed for a person who
    may not."""
    _check_answers(tx, wish, made)
    if wish.reach == REGION:
        _check_reach(tx, wish, made)
    prints = _prints(tx, made)
    flags = _about_staff(tx, [name.words for name in made.names])
    if wish.reach != REGION:
        return Vetted(prints, tuple(flags), must_wait=False)
    earlier = searches.prints_since(tx, tx.scope.actor.id, tx.now - probing.WINDOW)
    if probing.variations(prints, earlier) >= probing.VARIED:
        flags.append("varies_one_field")
    must_wait = probing.must_wait(prints, earlier)
    return Vetted(prints, (*flags, "had_to_wait") if must_wait else tuple(flags), must_wait)


def purposes_of(tx: Transaction[Any]) -> dict[str, str]:
    """The authority's list of purposes, else the shipped one."""
    own = replicas.configuration(tx, "search_purposes")
    return purposes.read(own) if isinstance(own, Mapping) else purposes.shipped()


def _check_answers(tx: Transaction[Any], wish: Wish, made: Portrait) -> None:
    wrong = inquiry.unusable(wish.asked, latest_year=tx.now.year - YOUNGEST)
    if wrong:
        raise Invalid("Some of what you entered cannot be searched for.", wrong)
    if not made.kinds and not wish.reference.strip():
        raise Invalid(
            "Enter something to search for.", {"given": ["Enter a name or something else that is known."]}
        )
    if wish.contact_id and not references.is_open(tx, wish.contact_id):
        raise Invalid("The contact that this search is for is not here. Open it again and search from there.")


def _check_reach(tx: Transaction[Any], wish: Wish, made: Portrait) -> None:
    if tx.live and not tx.scope.actor.is_system and not tx.scope.actor.has(Role.OFFICER, Role.MANAGER):
        raise NotAllowed("Ask an officer or manager to search beyond your own authority.")
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
    """By these a row of searches can be compared without keeping its words."""
    return {
        kind: tx.tools.vault.fingerprint("search|print", repr(getattr(made, kind)))[:16]
        for kind in sorted(made.kinds)
    }


def _about_staff(tx: Transaction[Any], asked: Sequence[tuple[str, ...]]) -> list[str]:
    # Flagged and not refused: a common surname is no offence, and a refusal would teach the prober.
    self_search = probing.about_oneself(asked, words(tx.scope.actor.display_name))
    if self_search == "own_name":
        return [self_search]
    others = (one.display_name for one in replicas.colleagues(tx) if one.id != tx.scope.actor.id)
    is_colleague = bool(asked) and probing.is_about_one_of(asked, map(words, others))
    return [flag for flag in (self_search, "colleague" if is_colleague else "") if flag]
