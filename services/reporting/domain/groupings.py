"""What the activity table can be broken down by: the measure it counts, its words, and where its parts come
from.
"""

from dataclasses import dataclass

from services.reporting.domain.bands import BANDS, NOT_CONCLUDED
from services.reporting.domain.facts import Review
from services.reporting.domain.tallies import OVERLAPPING, Measure
from shared.errors import Invalid

SERIES = frozenset({"month", "week"})


@dataclass(frozen=True)
class Grouping:
    """`head` names the first column, `counted` the second; `order` is the codes' natural order, if any."""

    code: str
    head: str
    counted: str
    measure: Measure = Measure.CONTACTS
    order: tuple[str, ...] = ()

    @property
    def is_series(self) -> bool:
        """Whether its lines are months or weeks."""
        return self.code in SERIES

    @property
    def overlaps(self) -> bool:
        """Whether one thing may count in several lines."""
        return self.code in OVERLAPPING

    @property
    def has_referrals(self) -> bool:
        """Whether referrals and conversion stand beside the count."""
        # By decision the share of referrals would be all or nothing.
        return self.measure is Measure.CONTACTS and self.code != "decision"


GROUPINGS = {
    one.code: one
    for one in (
        Grouping("month", "Month", "Contacts"),
        Grouping("week", "Week beginning", "Contacts"),
        Grouping("sector", "Where the adult works", "Contacts"),
        Grouping("role", "The adult's role", "Contacts"),
        Grouping("agency", "Who told us", "Contacts"),
        Grouping("category", "Kind of concern", "Contacts"),
        Grouping("criterion", "Criterion", "Contacts"),
        Grouping("decision", "Decision", "Contacts"),
        Grouping("repeat", "Adult named before", "Contacts"),
        Grouping("channel", "How it arrived", "Contacts"),
        Grouping("contact_type", "Kind of contact", "Contacts"),
        Grouping("concern_time", "When it happened", "Contacts"),
        Grouping("outcome", "Outcome", "Allegations concluded", Measure.OUTCOMES),
        Grouping(
            "band", "Time from contact to outcome", "Cases opened", Measure.CASES, (*BANDS, NOT_CONCLUDED)
        ),
        Grouping("kind", "Kind of meeting", "Meetings held", Measure.MEETINGS),
        Grouping("rule", "Rule", "Duties raised", Measure.NOTICES),
        Grouping("sign", "Sign", "Patterns found", Measure.PATTERNS),
        Grouping("about", "What the pattern is about", "Patterns found", Measure.PATTERNS),
        Grouping("review", "What came of the pattern", "Patterns found", Measure.PATTERNS, tuple(Review)),
        Grouping("standing", "Where the duty stands", "Duties raised", Measure.NOTICES),
    )
}


def grouping(code: str) -> Grouping:
    """The grouping that a URL names. Raises Invalid."""
    found = GROUPINGS.get(code)
    if found is None:
        raise Invalid("Choose what to group the figures by from the list.")
    return found
