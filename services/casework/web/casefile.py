"""What a page about one case shows in its frame, gathered once."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.casework.actions.outcome import outcome_words
from services.casework.domain import clocks as clock_rules
from services.casework.domain.chronology import Entry, Source
from services.casework.domain.clocks import Clock, State
from services.casework.domain.closing import Dossier
from services.casework.domain.meetings import label
from services.casework.store import cases
from services.casework.store import clocks as clock_store
from services.casework.store.erasing import holding
from services.casework.web import wording
from shared import replicas, working_days
from shared.store.transaction import Transaction
from shared.web import request
from shared.web.wording import date_words, moment_words
from shared.working_days import Calendar, Unit


@dataclass(frozen=True)
class ClockFace:
    """A clock as a page shows it. `look` is the component's state, `words` say the same."""

    id: str
    name: str
    due: str
    look: str
    words: str
    why: tuple[str, ...]
    spent: str
    is_running: bool
    is_paused: bool
    source: str


@dataclass(frozen=True)
class CaseFile:
    """A case in its frame: who the owner is, whether it is closed to anybody or held, its clocks, how its
    allegations ended."""

    dossier: Dossier
    owner: str
    restricted: bool
    held: bool
    clocks: tuple[ClockFace, ...]
    terms: dict[str, str]
    outcomes: dict[str, str]


def show(tx: Transaction, case_id: str) -> CaseFile:
    """A case for a page, the view kept in the access register. Raises NotFound."""
    dossier = cases.get(tx, case_id)
    # After the case was found, so that a refused look is not kept as a look.
    tx.accessed("viewed", "case", case_id)
    case, terms = dossier.case, request.authority().terms
    return CaseFile(
        dossier=dossier,
        owner=names_of(tx, [case.owner])[case.owner],
        restricted=replicas.is_restricted(tx, case.id) or replicas.is_restricted(tx, case.contact_id),
        held=holding.stands(tx, case.contact_id),
        clocks=faces(tx, clock_store.of_case(tx, case_id)),
        terms=terms,
        outcomes=outcome_words(tx, dossier.allegations),
    )


def faces(tx: Transaction, clocks: Iterable[Clock]) -> tuple[ClockFace, ...]:
    """Clocks as pages show them now."""
    calendar = working_days.of(tx)
    return tuple(_face(tx, clock, calendar) for clock in clocks)


def _face(tx: Transaction, clock: Clock, calendar: Calendar) -> ClockFace:
    state = clock_rules.state(clock, tx.now, calendar)
    look, words = wording.CLOCK_WORDS[state]
    # An old tracker rarely says what was done; nobody is alarmed before a person has looked.
    if clock.is_running and not clock.live:
        look, words = "confirm", "To confirm"
    return ClockFace(
        id=clock.id,
        name=label(clock.rule.label, request.authority().terms),
        due=_due_words(clock, state),
        look=look,
        words=words,
        why=(*clock_rules.why(clock, calendar), f"Rule: {clock.rule.source}"),
        spent=wording.spent_words(clock, clock_rules.gross(clock, tx.now), clock_rules.net(clock, tx.now)),
        is_running=clock.is_running,
        is_paused=clock.is_paused,
        source=clock.rule.source,
    )


def _due_words(clock: Clock, state: State) -> str:
    by_hours = clock.rule.unit in {Unit.CLOCK_HOUR, Unit.WORKING_HOUR}
    due = f"Due {moment_words(clock.overdue_after) if by_hours else date_words(clock.due_on)}."
    if clock.stopped_at and state is not State.CALLED_OFF:
        return f"{due} Done {date_words(clock.stopped_at)}."
    return due


def names_of(tx: Transaction, user_ids: Iterable[str]) -> dict[str, str]:
    """How users are called; those nobody knows, and Heed itself, by what they are."""
    asked = set(user_ids)
    known = replicas.display_names(tx, asked)
    return {one: known.get(one) or _stranger(one) for one in asked}


def _stranger(user_id: str) -> str:
    kind = user_id.split(":", maxsplit=1)[0]
    return {"system": "Heed", "referrer": "the referrer"}.get(kind, "a user of this authority")


def timeline(tx: Transaction, entries: Iterable[Entry]) -> list[dict[str, object]]:
    """Lines of the chronology as the component shows them."""
    lines = list(entries)
    names = names_of(tx, (line.actor for line in lines))
    return [
        {
            "id": line.id,
            "at": line.at,
            "title": line.title,
            "by": names[line.actor],
            "body": line.words,
            "corrects": line.corrects,
            "is_note": line.source is Source.NOTE,
        }
        for line in lines
    ]
