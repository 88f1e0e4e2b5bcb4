"""A case and the stages it may move through."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from shared.contracts.people import Child
from shared.errors import Conflict, Refused


class Stage(StrEnum):
    """How far the work on a case has come."""

    OPEN = "open"
    ENQUIRING = "enquiring"
    OUTCOME_RECORDED = "outcome_recorded"
    CLOSED = "closed"
    REOPENED = "reopened"


# Pages draw their buttons from this table, so what is not here cannot be pressed either.
MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.OPEN: frozenset({Stage.ENQUIRING, Stage.OUTCOME_RECORDED}),
    Stage.ENQUIRING: frozenset({Stage.OUTCOME_RECORDED}),
    Stage.OUTCOME_RECORDED: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset({Stage.REOPENED}),
    # A reopened case keeps its outcomes; what turns out wrong is corrected, not recorded anew.
    Stage.REOPENED: frozenset({Stage.CLOSED}),
}

STAGE_WORDS = {
    Stage.OPEN: "Open",
    Stage.ENQUIRING: "Enquiries under way",
    Stage.OUTCOME_RECORDED: "Outcome recorded",
    Stage.CLOSED: "Closed",
    Stage.REOPENED: "Reopened",
}


@dataclass(frozen=True, kw_only=True)
class ChildsPart:
    """What the child said and how they learn the outcome; each has a reason when it is missing."""

    voice: str = ""
    no_voice_reason: str = ""
    told_on: date | None = None
    told_how: str = ""
    not_told_reason: str = ""

    @property
    def heard(self) -> bool:
        """Whether the child's own account is here, or why it is not."""
        return bool(self.voice or self.no_voice_reason)

    @property
    def told(self) -> bool:
        """Whether the child knows the outcome, or why not."""
        return bool(self.told_on or self.not_told_reason)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case of one authority.

    `live` is False for an imported or demonstration history; `files` are the ids of those that came with the
    contact; `version` counts changes.
    """

    id: str
    contact_id: str
    reference: str
    opened_at: datetime
    first_meeting_due: date
    stage: Stage = Stage.OPEN
    owner: str = ""
    live: bool = True
    provider_aware_at: datetime | None = None
    serious_harm: bool | None = None
    police_involved: bool | None = None
    children: tuple[Child, ...] = ()
    files: tuple[str, ...] = ()
    childs_part: ChildsPart = ChildsPart()
    no_meeting_reason: str = ""
    outcome_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1

    @property
    def is_closed(self) -> bool:
        """Whether the work has ended."""
        return self.stage is Stage.CLOSED


def may(case: Case, to: Stage) -> bool:
    """Whether that stage may follow; pages draw their buttons from it."""
    return to in MOVES[case.stage]


def move(case: Case, to: Stage) -> Case:
    """The case at its next stage. Raises Refused when that does not follow."""
    if not may(case, to):
        raise Refused(
            f"The case is at the stage “{STAGE_WORDS[case.stage]}”,"
            f" which does not lead to “{STAGE_WORDS[to]}”."
        )
    return replace(case, stage=to)


def expect(case: Case, version: int | None) -> None:
    """Raises Conflict when the page that was filled in showed another version; None takes any."""
    # Facts that Heed follows by itself carry no version: they must not fail because somebody is at work.
    if version is not None and version != case.version:
        raise Conflict(
            "Somebody else changed this case in the meantime. Open it again and repeat your change."
        )


def must_be_open(case: Case) -> None:
    """Raises Refused on a closed case."""
    if case.is_closed:
        raise Refused("The case is closed. Reopen it before you change anything on it.")


def first_meeting_held(case: Case) -> Case:
    """Enquiries begin with the first meeting; later stages are left as they are."""
    must_be_open(case)
    return move(case, Stage.ENQUIRING) if case.stage is Stage.OPEN else case


def all_concluded(case: Case, at: datetime) -> Case:
    """Every allegation has its outcome. A reopened case stays reopened until it is closed again."""
    must_be_open(case)
    # Reports measure to the first conclusion, whatever a reopening adds later.
    case = replace(case, outcome_at=case.outcome_at or at)
    return move(case, Stage.OUTCOME_RECORDED) if may(case, Stage.OUTCOME_RECORDED) else case


def close(case: Case, at: datetime, unmet: int) -> Case:
    """The case with nothing left to do. `unmet` is the number of closing checks that do not hold yet."""
    must_be_open(case)
    if unmet:
        raise Refused("The case cannot be closed yet. Work through the closing checks that are still open.")
    return replace(move(case, Stage.CLOSED), closed_at=at)


def reopen(case: Case) -> Case:
    """The case at work again. Raises Refused unless it is closed."""
    return replace(move(case, Stage.REOPENED), closed_at=None)


_DETAILS = {
    "name": "name",
    "born": "date of birth",
    "placed_by": "who placed them",
    "account": "own account",
}


def differences(before: Child, after: Child) -> tuple[str, ...]:
    """Which details of a child are other than they were, in words."""
    return tuple(words for name, words in _DETAILS.items() if getattr(before, name) != getattr(after, name))
