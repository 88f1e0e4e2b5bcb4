"""Facts about workplaces, their register and their look-backs."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.contracts.findings import PlacingAuthority
from shared.contracts.message import Event


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
