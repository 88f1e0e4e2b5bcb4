"""Patterns in words."""

from services.search.domain.judgement import State
from services.search.domain.patterns import Finding, Ground, Kind
from services.search.store.matches import Match
from services.search.store.patterns import OPEN, REVIEWED, WITHDRAWN
from shared.code_words import code_words
from shared.vocabulary import Band

PATTERN_WORDS = {
    Kind.PERSON: "An adult",
    Kind.SETTING: "A setting",
    Kind.PROVIDER: "A body that runs settings",
}
PATTERN_STATES = {OPEN: "To be reviewed", REVIEWED: "Reviewed", WITHDRAWN: "Withdrawn"}
FINDING_WORDS = {one.value: code_words("finding", one.value) for one in Finding}
# Their count is not of concerns.
NOT_OF_CONCERNS = frozenset({"person_settings", "person_authorities"})


def sign_words(ground: Ground) -> str:
    """Why it is a pattern."""
    return code_words("sign", ground.sign)


def expected_words(ground: Ground) -> str:
    """What there would be at the usual rate, to one place."""
    return f"{ground.expected:.1f}" if ground.share else "Not compared"


def chance_words(ground: Ground) -> str:
    """`1 in 250` as far as it tells anything."""
    if not ground.share:
        return ""
    found = ground.chance
    if found * 10_000 < 1:
        return "Less than 1 in 10,000"
    return f"1 in {round(1 / found):,}"


def is_possible(pair: Match) -> bool:
    """Whether a pair is not sure enough to be counted: nobody has decided, and the evidence is thin."""
    return pair.state is State.UNSURE or (pair.state is State.OPEN and pair.band is Band.POSSIBLE)
