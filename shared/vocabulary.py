"""Closed lists of the work that more than one service needs. Open lists (sectors, roles, categories) are
configuration.
"""

from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the region; see the README's table of people."""

    OFFICER = "officer"
    COORDINATOR = "coordinator"
    MANAGER = "manager"
    AUDITOR = "auditor"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


class Criterion(StrEnum):
    """The harm tests of Working Together and KCSIE Part four; which apply is configuration with dates."""

    HARM = "HARM"
    OFFENCE = "OFFENCE"
    RISK = "RISK"
    SUITABILITY = "SUITABILITY"


class Decision(StrEnum):
    """How a contact was decided at the threshold."""

    MET = "MET"
    MORE_INFO = "MORE_INFO"
    NOT_MET_INTERNAL = "NOT_MET_INTERNAL"
    NOT_MET_LOW_LEVEL = "NOT_MET_LOW_LEVEL"
    NOT_MET_COMPLAINT = "NOT_MET_COMPLAINT"
    NOT_MET_SIGNPOST = "NOT_MET_SIGNPOST"
    TRANSFER = "TRANSFER"


class Outcome(StrEnum):
    """How one allegation against one adult ended (England)."""

    SUBSTANTIATED = "SUBSTANTIATED"
    MALICIOUS = "MALICIOUS"
    FALSE = "FALSE"
    UNSUBSTANTIATED = "UNSUBSTANTIATED"
    UNFOUNDED = "UNFOUNDED"


class Band(StrEnum):
    """How sure a match is, in words for people."""

    STRONG = "strong"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Recency(StrEnum):
    """How long ago the other record was last touched, as coarse as a pointer may say."""

    UNDER_1_YEAR = "under 1 year"
    FROM_1_TO_5_YEARS = "1 to 5 years"
    OVER_5_YEARS = "over 5 years"


class Basis(StrEnum):
    """The weight of a notification rule."""

    DUTY = "DUTY"
    POWER = "POWER"
    PRACTICE = "PRACTICE"
