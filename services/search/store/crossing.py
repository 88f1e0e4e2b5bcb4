"""The one place where mentions of different authorities meet; settings do in `crossing_settings`.

It gives back the asker's own records by their ids, and of every other authority nothing but a `Pointer`.
The holder's
side of a meeting is written here too, in the holder's own rows and scope, so that nothing of it has to leave.

A record that is closed to anybody is pointed at by nobody: least disclosure, and its own authority still
learns of the
other side. An authority that does not pool is neither asked nor answered across its boundary.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, select

from services.search.domain.judgement import State, recency
from services.search.domain.portrait import Portrait
from services.search.domain.scoring import Score, Scorer
from services.search.domain.thresholds import percent
from services.search.domain.weights import Weights
from services.search.store import figures, matches, sealing, searches
from services.search.store.matches import Ground, Grounds, Match
from services.search.store.tables import portrait
from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.people import Pointer
from shared.store.membership import one_of
from shared.store.transaction import Transaction
from shared.vocabulary import Band

# A choice and not an `or`: for that SQLite goes through all records of every authority that is named.
_CANDIDATES = select(portrait).where(
    one_of(portrait.c.number, "numbers"),
    case(
        (portrait.c.authority == bindparam("here"), portrait.c.contact_id != bindparam("this")),
        else_=and_(one_of(portrait.c.authority, "others"), ~portrait.c.closed),
    ),
)
# As many of the asker's own records are looked through for a pointer that was given before.
_SURE = 20


@dataclass(frozen=True)
class Question:
    """Who asks about whom: a contact's adult, or (`purpose`) a search. `closed`: others must not learn that
    we ask. `later` are numbers of mentions that are not found by it."""

    portrait: Portrait
    contact_id: str = ""
    person_id: str = ""
    purpose: str = ""
    active_at: datetime | None = None
    closed: bool = False
    reach: bool = True
    later: Collection[int] = ()

    @property
    def may_cross(self) -> bool:
        """A name and one more field are needed beyond the own authority."""
        return self.reach and "names" in self.portrait.kinds and len(self.portrait.kinds) > 1


class Hit(NamedTuple):
    """A record of the asker's own authority."""

    contact_id: str
    person_id: str
    active_at: datetime
    band: Band
    grounds: Grounds
    data_mark: str


class Told(NamedTuple):
    """A pointer for the asker, the asker's own id of the pair, and whether its holder must be told (it is
    news there). `is_known`: a match of the asker's had the pointer before."""

    pointer: Pointer
    match_id: str
    data_mark: str
    holder_told: bool
    is_known: bool = False


class Answer(NamedTuple):
    """What may be known, surest first."""

    own: tuple[Hit, ...] = ()
    others: tuple[Told, ...] = ()


class _Weighed(NamedTuple):
    row: Any
    score: Score
    band: Band
    data_mark: str
    agrees: tuple[str, ...]


def ask(
    tx: Transaction[Any], question: Question, numbers: Sequence[int], scorer: Scorer, weights: Weights
) -> Answer:
    """Weigh the candidates and say what the asker may know of them."""
    holders = pooled(tx) if question.may_cross else {}
    weighed = _weigh(tx, question, _rows(tx, question, numbers, holders), scorer)
    own = [_hit(tx, one, weights) for one in weighed if one.row.authority == tx.authority]
    others = _one_each(_sure([one for one in weighed if one.row.authority != tx.authority], tx))
    known = {} if question.contact_id else _known(tx, own, others)
    told = (
        known.get((one.row.authority, one.row.contact_id)) or _tell(tx, question, one, holders)
        for one in others
    )
    return Answer(tuple(own), tuple(told))


def _sure(weighed: Sequence[_Weighed], tx: Transaction[Any]) -> list[_Weighed]:
    """Those that are sure enough for the asker and for the holder: neither opens the other's records
    wider."""
    if not weighed:
        return []
    least = {}
    for holder in {one.row.authority for one in weighed}:
        with tx.within(as_holder(tx, holder)):
            least[holder] = figures.limits(tx).others
    mine = figures.limits(tx).others
    return [one for one in weighed if percent(one.score.probability) >= max(mine, least[one.row.authority])]


def _known(
    tx: Transaction[Any], own: Sequence[Hit], others: Sequence[_Weighed]
) -> dict[tuple[str, str], Told]:
    """The records that a standing match of the asker points at already, found from its own records of
    the
    adult: such a pointer is given again, and nobody is told a second time."""
    sure = [hit for hit in own if hit.band is not Band.POSSIBLE][:_SURE]
    pairs = {
        side(tx, (tx.authority, hit.contact_id, hit.person_id), _who(one.row)): one
        for hit in sure
        for one in others
    }
    found: dict[tuple[str, str], Told] = {}
    for match in matches.by_ids(tx, list(pairs)):
        one = pairs[match.match_id]
        if match.state is not State.WITHDRAWN:
            holder = (one.row.authority, one.row.contact_id)
            found.setdefault(
                holder, Told(pointer_of(tx, match), match.match_id, match.data_mark, False, True)
            )
    return found


def pointer_of(tx: Transaction[Any], one: Match) -> Pointer:
    """All that this authority may know of the other side."""
    return Pointer(
        holder=one.holder,
        contact_route=replicas.authority(tx, one.holder).contact_route,
        reference=one.reference,
        band=one.band,
        recency=one.grounds.recency,
        agrees=one.grounds.agrees,
    )


def _who(row: Any) -> tuple[str, str, str]:
    return row.authority, row.contact_id, row.person_id


def pooled(tx: Transaction[Any]) -> dict[str, replicas.Authority]:
    """Who pools, by code; nobody when the asker does not."""
    pooled = {one.code: one for one in replicas.authorities(tx) if one.pooled}
    # Reciprocal: who does not pool is not answered either.
    return pooled if tx.authority in pooled else {}


def _rows(
    tx: Transaction[Any], question: Question, numbers: Sequence[int], holders: dict[str, replicas.Authority]
) -> list[Any]:
    if not numbers:
        return []
    # Authorities are named one by one, never left open: the guard would refuse, and rightly.
    asked = {
        "here": tx.authority,
        "this": question.contact_id,
        "others": sorted(set(holders) - {tx.authority}),
        "numbers": list(numbers),
    }
    with tx.crossing():
        return list(tx.db.execute(_CANDIDATES, asked).all())


def _weigh(tx: Transaction[Any], question: Question, rows: Sequence[Any], scorer: Scorer) -> list[_Weighed]:
    found = []
    for row in rows:
        theirs = sealing.open_portrait(tx, row.authority, row.number, row.body)
        score = scorer.score(question.portrait, theirs)
        band = scorer.band(score)
        if band is not None:
            made = sealing.mark(tx, question.portrait, theirs)
            found.append(_Weighed(row, score, band, made, scorer.agrees(score)))
    # Ties by number, so that the same question gives the same page twice.
    return sorted(found, key=lambda one: (-one.score.bits, one.row.number))


def _one_each(weighed: Sequence[_Weighed]) -> list[_Weighed]:
    """The best record of each contact: a holder is asked about a concern once."""
    return list({(one.row.authority, one.row.contact_id): one for one in reversed(weighed)}.values())[::-1]


def _hit(tx: Transaction[Any], one: _Weighed, weights: Weights) -> Hit:
    score = one.score
    grounds = Grounds(
        agrees=one.agrees,
        recency=recency(one.row.active_at, tx.now),
        probability=score.probability,
        bits=score.bits,
        version=weights.version,
        flags=(weights.flag(score.near),) if score.near else (),
        lines=tuple(
            Ground(line.field, line.level, weights.said(line.field, line.level), line.bits)
            for line in score.lines
        ),
    )
    return Hit(one.row.contact_id, one.row.person_id, one.row.active_at, one.band, grounds, one.data_mark)


def _tell(
    tx: Transaction[Any], question: Question, one: _Weighed, holders: dict[str, replicas.Authority]
) -> Told:
    holder, row = holders[one.row.authority], one.row
    mine = (tx.authority, question.contact_id or "search", question.person_id)
    theirs = _who(row)
    pointer = Pointer(
        holder=holder.code,
        contact_route=holder.contact_route,
        reference=side(tx, theirs, mine),
        band=one.band,
        recency=recency(row.active_at, tx.now),
        agrees=one.agrees,
    )
    told = Told(pointer, side(tx, mine, theirs), one.data_mark, holder_told=False)
    return told if question.closed else told._replace(holder_told=_note(tx, question, one, told))


def side(tx: Transaction[Any], mine: tuple[str, str, str], theirs: tuple[str, str, str]) -> str:
    """How one side speaks of a meeting: the same whoever asked, as often as the two meet."""
    return sealing.opaque(tx, "side", *mine, *theirs)


def match_id_of(tx: Transaction[Any], one: tuple[str, str], other: tuple[str, str]) -> str:
    """The id of a pair (contact, person) inside the authority, whichever of the two was found."""
    return sealing.opaque(tx, "match", tx.authority, *min(one, other), *max(one, other))


def _note(tx: Transaction[Any], question: Question, one: _Weighed, told: Told) -> bool:
    """Write the holder's side into the holder's rows; whether that is news there."""
    asker, row, reference = tx.authority, one.row, told.pointer.reference
    if question.contact_id:
        side = Match(
            reference,
            row.contact_id,
            row.person_id,
            one.band,
            one.data_mark,
            tx.now,
            holder=asker,
            reference=told.match_id,
            grounds=Grounds(agrees=one.agrees, recency=recency(question.active_at or tx.now, tx.now)),
        )
        with tx.within(as_holder(tx, row.authority)):
            return bool(matches.keep(tx, [side]))
    with tx.within(as_holder(tx, row.authority)):
        who = (row.contact_id, row.person_id)
        return searches.note_shown(tx, reference, who, asker, question.purpose)


def as_holder(tx: Transaction[Any], authority: str) -> Scope:
    """Search itself, in the scope of another authority."""
    scope = tx.scope
    return Scope(authority, Actor("system:search"), scope.correlation_id, scope.origin, scope.as_of)
