"""Patterns that search found among concerns, as a contact's page tells of them."""

from dataclasses import dataclass
from datetime import datetime

OPEN, REVIEWED, WITHDRAWN = "open", "reviewed", "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`kind` is person, setting or provider; `signs` are codes; `finding` is empty until somebody reviewed
    it. Whoever may see fewer than `needs` of its contacts is not to learn of it.
    """

    pattern_id: str
    reference: str
    kind: str
    signs: tuple[str, ...]
    needs: int
    found_at: datetime
    state: str = OPEN
    finding: str = ""
