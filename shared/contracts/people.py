"""Snapshots of people and settings as facts carry them: what a source said at that time, never a database
row.
"""

from dataclasses import dataclass
from datetime import date

from shared.vocabulary import Band, Recency


@dataclass(frozen=True, kw_only=True)
class Name:
    """`kind` is legal, previous, known_as, alias or native. `full` is used when the parts are not known
    apart.
    """

    kind: str = "legal"
    title: str = ""
    given: str = ""
    middle: str = ""
    surname: str = ""
    full: str = ""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address with the time it was true, as far as known."""

    line1: str = ""
    town: str = ""
    postcode: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """A number somebody else gave: scheme TRN, SWE, HCPC, NMC, GMC, DBS, NI for people; URN, OFSTED, CQC,
    COMPANY, CHARITY for settings.
    """

    scheme: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A workplace as the source named it. `kind` is a canonical employment sector; `id` is set once search
    resolved it.
    """

    name: str
    kind: str = ""
    town: str = ""
    postcode: str = ""
    identifiers: tuple[Identifier, ...] = ()
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One job or volunteering role. `role`, `sector`, `basis`, `status` are canonical codes."""

    setting: Setting
    role: str = "OTHER"
    sector: str = "UNKNOWN"
    basis: str = "UNKNOWN"
    status: str = "in_post"
    job_title: str = ""
    employer: str = ""
    regulated_activity: bool | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """An adult of concern as one source described them. `id` is the source's own. `born` is `YYYY`, `YYYY-
    MM`, `YYYY-MM-DD` or empty; `born_from_age` says that the year was worked out from an age (so ±1).
    """

    id: str
    names: tuple[Name, ...] = ()
    born: str = ""
    born_from_age: bool = False
    addresses: tuple[Address, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    work: tuple[Work, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Child:
    """A child involved. `placed_by` is the code or name of a placing authority when looked after."""

    id: str
    name: str = ""
    born: str = ""
    placed_by: str = ""
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class Allegation:
    """What is said to have happened: canonical category and criteria codes, the words as given."""

    id: str
    adult_id: str
    child_ids: tuple[str, ...] = ()
    category: str = "OTHER"
    criteria: tuple[str, ...] = ()
    narrative: str = ""
    happened_on: str = ""
    at_work: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Referrer:
    """Who told. `agency` is a canonical code; all empty when they asked to stay anonymous."""

    name: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""
    agency: str = "OTHER"
    job_title: str = ""


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """All that may be known of another authority's record: the only type that crosses.

    `reference` is opaque; `agrees` names those of the asker's own fields that agree, never a value. No name
    type, category, outcome or setting of the other side is here, by construction.
    """

    holder: str
    contact_route: str
    reference: str
    band: Band
    recency: Recency
    agrees: tuple[str, ...]
