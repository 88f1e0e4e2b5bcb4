"""Facts that search publishes."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.contracts.findings import Mention, OwnRecord, PatternGround, PlacingAuthority
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


@dataclass(frozen=True, kw_only=True)
class PointerShown(Event):
    """Another authority was shown a pointer to a contact here, by a search or (no `person_id`) at a setting.

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


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """A register says something else about a setting that was named. `closed_on`: None while it is open."""

    name = "setting.changed"
    topic = "heed.search.setting"
    keyed_by = "setting_id"
    setting_id: str
    display_name: str
    kind: str
    town: str
    postcode: str
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class SettingMerged(Event):
    """Two settings turned out to be one: whatever was said about this one is about `into` from now on."""

    name = "setting.merged"
    topic = "heed.search.setting"
    keyed_by = "setting_id"
    setting_id: str
    into: str


@dataclass(frozen=True, kw_only=True)
class RegisterLoaded(Event):
    """A file of schools and homes was read to its end. All are numbers of rows, `joined` of settings that
    turned out to be another's; `refused` rows were left out, each with a sentence for whoever loaded them.
    """

    name = "register.loaded"
    topic = "heed.search.setting"
    keyed_by = "load_id"
    load_id: str
    loaded_by: str
    rows: int
    added: int
    changed: int
    same: int
    joined: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class LookbackOpened(Event):
    """Somebody begins to go through everything that was told of a setting, from `since` until before
    `until`, whatever was decided about it.
    """

    name = "lookback.opened"
    topic = "heed.search.setting"
    keyed_by = "lookback_id"
    lookback_id: str
    setting_id: str
    since: datetime
    until: datetime
    opened_by: str


@dataclass(frozen=True, kw_only=True)
class LookbackMarked(Event):
    """One record of a look-back was found to have been acted on, or not. `happening_id` is the contact, the
    case, the notice, or case and allegation with a stroke between. May come again: the last one counts.
    """

    name = "lookback.marked"
    topic = "heed.search.setting"
    keyed_by = "lookback_id"
    lookback_id: str
    happening_id: str
    contact_id: str
    actioned: bool
    marked_by: str
    marked_at: datetime


@dataclass(frozen=True, kw_only=True)
class LookbackSigned(Event):
    """A manager signed a look-back. `actioned` and `not_actioned` count its records, `outstanding` are the
    contacts of those that were not; each of `placing` has a right to know while any is outstanding.
    """

    name = "lookback.signed"
    topic = "heed.search.setting"
    keyed_by = "lookback_id"
    lookback_id: str
    setting_id: str
    reference: str
    display_name: str
    town: str
    since: datetime
    until: datetime
    actioned: int
    not_actioned: int
    outstanding: tuple[str, ...]
    placing: tuple[PlacingAuthority, ...]
    signed_by: str
    signed_at: datetime
