"""Facts about concerns that are a pattern."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.findings import PatternGround
from shared.contracts.message import Event


@dataclass(frozen=True, kw_only=True)
class AboutPattern(Event):
    """Abstract: the facts of one pattern."""

    name = ""
    topic = "heed.search.match"
    keyed_by = "pattern_id"
    pattern_id: str


@dataclass(frozen=True, kw_only=True)
class PatternFound(AboutPattern):
    """Concerns about an adult (`kind` person), a setting or a body that runs them (provider) are a pattern.
    Comes again when it grew by the contacts in `added`: the last one counts, and nobody is alerted anew.
    Whoever can see fewer than `needs` of its contacts is not to learn of it.
    """

    name = "pattern.found"
    reference: str
    kind: str
    setting_id: str
    contact_ids: tuple[str, ...]
    added: tuple[str, ...]
    needs: int
    grounds: tuple[PatternGround, ...]
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class PatternReviewed(AboutPattern):
    """Somebody looked at a pattern: it was `acted` upon, or `explained` by something else."""

    name = "pattern.reviewed"
    finding: str
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, kw_only=True)
class PatternWithdrawn(AboutPattern):
    """An open pattern no longer rests on what fired it: records were corrected, parted, cleared or erased."""

    name = "pattern.withdrawn"
