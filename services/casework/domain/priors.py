"""Earlier concerns about an adult on this case: an own record in full, another authority's as a pointer
only.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.people import Pointer


@dataclass(frozen=True, kw_only=True)
class Prior:
    """One match.

    Exactly one of `own_contact_id` and `pointer` is set; `evidence` is words, for own records only.
    """

    id: str
    contact_id: str
    adult_id: str
    band: str
    found_at: datetime
    state: str = "open"
    own_contact_id: str = ""
    own_last_activity: datetime | None = None
    evidence: tuple[str, ...] = ()
    pointer: Pointer | None = None

    @property
    def sentence(self) -> str:
        """What it means, as the chronology and the panel say it."""
        # Nothing but what a pointer may say: no name, category or outcome of the other side.
        if self.pointer:
            return (
                f"Another authority holds a {self.band} match with one of the adults, last touched"
                f" {self.pointer.recency} ago. Ask its officers: {self.pointer.contact_route}."
            )
        return f"This authority holds an earlier record that is a {self.band} match with one of the adults."


STATE_WORDS = {
    "open": "Not judged yet",
    "confirmed": "Confirmed as the same adult",
    "rejected": "Judged to be different adults",
    "withdrawn": "No longer holds",
}
