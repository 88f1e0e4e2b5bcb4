"""Facts about what other authorities were shown of an authority's records."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.message import Event


@dataclass(frozen=True, kw_only=True)
class PointerShown(Event):
    """Another authority was shown a pointer to a contact here, by a search or (no `person_id`) at a setting.

    Published to the holder only, once per reference and again after it was withdrawn; `reference` is what the
    asker may quote in a request for disclosure, `asker` the authority that searched and `purpose` its code.
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
class PointerWithdrawn(Event):
    """A pointer that another authority was shown holds no longer: the contact was closed to somebody, ended
    as malicious or false, or was erased. Published to the holder only; the reference may be quoted no more.
    """

    name = "pointer.withdrawn"
    topic = "heed.search.match"
    keyed_by = "reference"
    reference: str
    withdrawn_at: datetime
