"""Facts that search publishes."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.message import Event
from shared.contracts.people import Pointer
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
class MatchFound(Event):
    """An adult of this contact was named before. Exactly one of `own` and `pointer` is set.

    Published to the authority that asks; the authority that holds the other record gets its own fact, about
    its own contact, with a pointer back. `match_id` stays the same when an open match is found again.
    """

    name = "match.found"
    topic = "heed.search.match"
    keyed_by = "match_id"
    match_id: str
    contact_id: str
    person_id: str
    found_at: datetime
    own: OwnRecord | None = None
    pointer: Pointer | None = None


@dataclass(frozen=True, kw_only=True)
class MatchWithdrawn(Event):
    """An earlier `match.found` no longer holds (corrected, split, erased, or its source left the pool)."""

    name = "match.withdrawn"
    topic = "heed.search.match"
    keyed_by = "match_id"
    match_id: str
    contact_id: str


@dataclass(frozen=True, kw_only=True)
class LinkConfirmed(Event):
    """A person judged that both records are the same adult. Remembered until the data of either change."""

    name = "link.confirmed"
    topic = "heed.search.match"
    keyed_by = "match_id"
    match_id: str
    contact_id: str
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True, kw_only=True)
class LinkRejected(Event):
    """A person judged that they are different adults. The pair is not shown again unless the data change."""

    name = "link.rejected"
    topic = "heed.search.match"
    keyed_by = "match_id"
    match_id: str
    contact_id: str
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True, kw_only=True)
class PointerShown(Event):
    """A search in another authority was shown a pointer to this authority's contact.

    Published to the holder only, once per reference; `reference` is what the asker may quote in a request for
    disclosure, `asker` the authority that searched and `purpose` its code.
    """

    name = "pointer.shown"
    topic = "heed.search.match"
    keyed_by = "reference"
    reference: str
    contact_id: str
    person_id: str
    asker: str
    purpose: str
    shown_at: datetime


@dataclass(frozen=True, kw_only=True)
class SettingListed(Event):
    """A workplace was named for the first time in this authority and got its id."""

    name = "setting.listed"
    topic = "heed.search.setting"
    keyed_by = "setting_id"
    setting_id: str
    display_name: str
    kind: str
    town: str
    postcode: str
