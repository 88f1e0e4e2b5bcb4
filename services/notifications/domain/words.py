"""Canonical codes as plain words, for pages and letters."""

from collections.abc import Mapping

from shared.vocabulary import Decision

BODIES = {
    "dbs": "Disclosure and Barring Service",
    "ofsted_early_years": "Ofsted (early years and childcare)",
    "ofsted_social_care": "Ofsted (social care)",
    "cqc": "Care Quality Commission",
    "referrer": "the referrer",
    "placing_authority": "the authority that placed a child",
}

HOLDERS = {
    "employer": "the employer",
    "agency": "the personnel supplier",
    "provider": "the registered provider",
    "registered_person": "the registered person",
    "lado": "the designated officer",
}

DECISIONS: Mapping[Decision, str] = {
    Decision.MET: "The concern met the threshold and was followed to an outcome. It is now closed.",
    Decision.MORE_INFO: "The concern was closed without the further information that was asked for.",
    Decision.NOT_MET_INTERNAL: "The threshold is not met; the organisation follows its own procedures.",
    Decision.NOT_MET_LOW_LEVEL: "The threshold is not met; it is to be recorded as a low-level concern.",
    Decision.NOT_MET_COMPLAINT: "The threshold is not met; it is to be dealt with as a complaint.",
    Decision.NOT_MET_SIGNPOST: "The threshold is not met; another service is the right one for it.",
    Decision.TRANSFER: "The concern was passed to the designated officer of another authority.",
}


def body_name(kind: str) -> str:
    """Whom a notice is for; an authority's own kind of recipient reads as its code does."""
    return BODIES.get(kind, spelt(kind))


def holder_name(code: str) -> str:
    """Who has the duty."""
    return HOLDERS.get(code, spelt(code))


def spelt(code: str) -> str:
    """A code of an authority's own as words: `charity_commission` as "charity commission"."""
    return code.replace("_", " ").lower()
