"""What must be true before a case may be closed."""

from dataclasses import dataclass

from services.casework.domain.allegation import Allegation
from services.casework.domain.case import Case, Stage
from services.casework.domain.meetings import Kind, Meeting
from services.casework.domain.subject import Subject


@dataclass(frozen=True)
class Check:
    """One closing check: its words, whether it holds, and the name of the page where it is put right."""

    code: str
    words: str
    met: bool
    page: str


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """Everything about a case that the rules look at together."""

    case: Case
    subjects: tuple[Subject, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    def subject(self, adult_id: str) -> Subject | None:
        """One adult of the case."""
        return next((one for one in self.subjects if one.id == adult_id), None)

    def allegation(self, allegation_id: str) -> Allegation | None:
        """One allegation of the case."""
        return next((one for one in self.allegations if one.id == allegation_id), None)

    @property
    def is_concluded(self) -> bool:
        """Whether every allegation has its outcome."""
        return bool(self.allegations) and all(one.outcome for one in self.allegations)


def checks(dossier: Dossier) -> tuple[Check, ...]:
    """All of them, in the order in which they are worked through."""
    case, childs = dossier.case, dossier.case.childs_part
    # Conduct outside work can meet the threshold with no child named; then there is nobody to hear or tell.
    no_child = not case.children
    return (
        Check(
            "first_meeting",
            "The first meeting was held, or there is a reason why not",
            _met(dossier),
            "meetings",
        ),
        Check("outcomes", "Every allegation has an outcome", dossier.is_concluded, "outcome"),
        Check(
            "voice",
            "The child’s own account is recorded, or why it is not",
            no_child or childs.heard,
            "child",
        ),
        Check(
            "told",
            "The child was told the outcome, or there is a reason why not",
            no_child or childs.told,
            "child",
        ),
        Check(
            "support", "Each adult has a support contact, or a reason why not", _supported(dossier), "people"
        ),
    )


def _met(dossier: Dossier) -> bool:
    held = any(one.kind is Kind.INITIAL and one.held_at for one in dossier.meetings)
    return held or bool(dossier.case.no_meeting_reason)


def _supported(dossier: Dossier) -> bool:
    return all(one.is_supported for one in dossier.subjects)


def unmet(dossier: Dossier) -> tuple[Check, ...]:
    """Those that do not hold yet."""
    return tuple(check for check in checks(dossier) if not check.met)


def may_close(dossier: Dossier) -> bool:
    """Whether the button to close is shown."""
    return dossier.case.stage in {Stage.OUTCOME_RECORDED, Stage.REOPENED} and not unmet(dossier)
