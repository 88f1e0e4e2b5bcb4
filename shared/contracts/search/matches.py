"""Facts about adults who were named before, and about who is held to be one adult."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.findings import Mention, OwnRecord
from shared.contracts.message import Event
from shared.contracts.people import Pointer


@dataclass(frozen=True, kw_only=True)
class AboutMatch(Event):
    """Abstract: what is known of a pair of records, from the side of one contact."""

    name = ""
    topic = "heed.search.match"
    keyed_by = "match_id"
    match_id: str
    contact_id: str


@dataclass(frozen=True, kw_only=True)
class AboutLink(AboutMatch):
    """Abstract: what somebody judged of a pair."""

    name = ""
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True, kw_only=True)
class MatchFound(AboutMatch):
    """An adult of this contact was named before. Exactly one of `own` and `pointer` is set.

    Published to the authority that asks; the authority that holds the other record gets its own fact, about
    its own contact, with a pointer back. `match_id` stays the same when an open match is found again.
    """

    name = "match.found"
    person_id: str
    found_at: datetime
    own: OwnRecord | None = None
    pointer: Pointer | None = None


@dataclass(frozen=True, kw_only=True)
class ContactChecked(Event):
    """Every adult that this contact named was looked for; each that was found has a `match.found` of its own.

    Nothing found is a finding too: without this fact it could not be told from nobody having looked.
    """

    name = "contact.checked"
    topic = "heed.search.match"
    keyed_by = "contact_id"
    contact_id: str
    checked_at: datetime


@dataclass(frozen=True, kw_only=True)
class MatchWithdrawn(AboutMatch):
    """An earlier `match.found` no longer holds (corrected, split, erased, or its source left the pool)."""

    name = "match.withdrawn"


@dataclass(frozen=True, kw_only=True)
class LinkConfirmed(AboutLink):
    """A person judged that both records are the same adult. Remembered until the data of either change."""

    name = "link.confirmed"


@dataclass(frozen=True, kw_only=True)
class LinkRejected(AboutLink):
    """A person judged that they are different adults. The pair is not shown again unless the data change."""

    name = "link.rejected"


@dataclass(frozen=True, kw_only=True)
class LinkUnsure(AboutLink):
    """A person looked and cannot tell; what was decided about the pair before holds no longer."""

    name = "link.unsure"


@dataclass(frozen=True, kw_only=True)
class AboutProfile(Event):
    """Abstract: what joined or left the records that are held to be one adult.

    `moved` are the records that came or went, `records` all that belong to it now (none: it is no more),
    `match_id` the pair that was judged or changed, `by` who judged it or changed its records.
    """

    name = ""
    topic = "heed.search.match"
    keyed_by = "profile_id"
    profile_id: str
    moved: tuple[Mention, ...]
    records: tuple[Mention, ...]
    match_id: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ProfileJoined(AboutProfile):
    """Records were joined to a profile, because somebody judged a pair to be the same adult."""

    name = "profile.joined"


@dataclass(frozen=True, kw_only=True)
class ProfileSplit(AboutProfile):
    """Records left a profile: the pair that held them was judged otherwise or no longer agrees, or they
    joined another profile.
    """

    name = "profile.split"
