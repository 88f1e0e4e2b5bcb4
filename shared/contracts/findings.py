"""What the facts of search are made of."""

from dataclasses import dataclass
from datetime import datetime

from shared.vocabulary import Band


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One line of the waterfall: `words` a practitioner understands, `bits` of weight. Within one authority
    only.
    """

    field: str
    words: str
    bits: float


@dataclass(frozen=True, kw_only=True)
class OwnRecord:
    """A match inside the asker's own authority, so it may say which."""

    contact_id: str
    person_id: str
    band: Band
    probability: float
    last_activity: datetime
    evidence: tuple[Evidence, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mention:
    """What one contact said about one adult."""

    contact_id: str
    person_id: str


@dataclass(frozen=True, kw_only=True)
class PlacingAuthority:
    """An authority that placed children at a setting: its name as known here, and the contacts about them."""

    name: str
    contact_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PatternGround:
    """One sign of a pattern: so many concerns from `since` (None: ever) until `until`, about so many adults.
    `expected` is how many there would be at the rate of other settings or of its own past, `chance` how
    likely chance alone brings as many; both are 0 where nothing was compared.
    """

    sign: str
    until: datetime
    count: int
    adults: int
    since: datetime | None = None
    expected: float = 0.0
    chance: float = 0.0
