"""What somebody told us: the content of a contact, kept for ever as first given."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.people import Allegation, Child, Person, Referrer
from shared.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A part of the report as its teller saw it when sending it: that day's questions, the words given."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that came with it. `scan_state` is the one at that time; the file store knows the latest."""

    id: str
    name: str
    size: int
    content_type: str
    sha256: str = ""
    scan_state: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything given: as it travels (people, allegations) and as it was given (passages)."""

    channel: str = "online"
    contact_type: str = "REFERRAL"
    concern_time: str = "CURRENT"
    known_to_employer_at: datetime | None = None
    referrer: Referrer = field(default_factory=Referrer)
    adults: tuple[Person, ...] = ()
    children: tuple[Child, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    passages: tuple[Passage, ...] = ()
    files: tuple[Attached, ...] = ()

    @property
    def sector(self) -> str:
        """Where the first adult works, for lists and counts."""
        works = [work for adult in self.adults for work in adult.work]
        return works[0].sector if works else "UNKNOWN"


def check(report: Report, received_at: datetime) -> Report:
    """The same report, when its parts fit together. Raises Invalid."""
    problems: dict[str, list[str]] = {}
    if not (report.adults or report.allegations):
        problems["adults"] = ["Say who the concern is about, or what happened."]
    adults = {adult.id for adult in report.adults}
    children = {child.id for child in report.children}
    if any(one.adult_id not in adults for one in report.allegations if one.adult_id):
        problems["allegations"] = ["An allegation names an adult who is not in the report."]
    if any(not children.issuperset(one.child_ids) for one in report.allegations):
        problems["children"] = ["An allegation names a child who is not in the report."]
    # A date in the future is a slip of the pen, and would start the employer's clock after our own.
    if report.known_to_employer_at and report.known_to_employer_at > received_at:
        problems["known_to_employer_at"] = ["The employer cannot have known later than the report was made."]
    if problems:
        raise Invalid("The report does not hold together. Correct the parts named.", problems)
    return report
