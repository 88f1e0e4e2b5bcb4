"""Earlier concerns about an adult of a contact, as search found them: own records and pointers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.people import Pointer
from shared.vocabulary import Band


class Standing(StrEnum):
    """Whether a person has judged it: same adult, different adults, or nobody yet."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


# What was judged to be another adult is remembered and not shown: it would be judged again by everybody.
SHOWN = frozenset({Standing.OPEN, Standing.CONFIRMED})


@dataclass(frozen=True, kw_only=True)
class OwnEarlier:
    """A record of the same authority, with the reasons in words that search gave."""

    contact_id: str
    band: Band
    last_activity: datetime
    reasons: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PriorConcern:
    """Exactly one of `own` and `pointer` is set. `person_id` is this contact's adult who was named before."""

    match_id: str
    contact_id: str
    person_id: str
    found_at: datetime
    standing: Standing = Standing.OPEN
    own: OwnEarlier | None = None
    pointer: Pointer | None = None
    judged_by: str = ""
    judged_at: datetime | None = None


@dataclass(frozen=True)
class Badge:
    """How many earlier concerns a contact has in its own authority and in others, and of how many patterns it
    is part that nobody has reviewed.
    """

    own: int = 0
    elsewhere: int = 0
    patterns: int = 0

    @property
    def words(self) -> str:
        """Such as `2 earlier, 1 other authority, 1 pattern`; empty when there are none."""
        parts = []
        if self.own:
            parts.append(f"{self.own} earlier")
        if self.elsewhere:
            parts.append(f"{self.elsewhere} other {'authority' if self.elsewhere == 1 else 'authorities'}")
        if self.patterns:
            parts.append(f"{self.patterns} {'pattern' if self.patterns == 1 else 'patterns'}")
        return ", ".join(parts)
