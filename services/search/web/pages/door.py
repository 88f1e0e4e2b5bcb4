"""The blueprint of the pages and who may open them."""

from datetime import timedelta

import flask

from services.search.web import pattern_words, wording
from shared.code_words import code_words
from shared.vocabulary import Role

blueprint = flask.Blueprint("search_pages", "services.search.web", template_folder="templates")

SEARCHERS = (Role.OFFICER, Role.MANAGER)
# Whoever writes down a call looks for earlier concerns; beyond the own authority only SEARCHERS do.
ASKERS = (*SEARCHERS, Role.COORDINATOR)
READERS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER)
REVIEWERS = (Role.MANAGER, Role.AUDITOR)
MONTH = timedelta(days=365.25 / 12)
WINDOWS = (("12", "12 months"), ("36", "3 years"), ("60", "5 years"))
_TABS = (
    ("Search", "/search/people", ASKERS),
    ("Matches", "/search/matches", READERS),
    ("People", "/search/profiles", READERS),
    ("Patterns", "/search/patterns", READERS),
    ("Settings", "/search/settings", READERS),
    ("Look-backs", "/search/look-backs", READERS),
    ("Shown elsewhere", "/search/shown", READERS),
    ("Searches made", "/search/searches", REVIEWERS),
)


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "band_words": wording.BAND_WORDS,
        "band_colours": wording.BAND_COLOURS,
        "state_words": wording.STATE_WORDS,
        "state_colours": wording.STATE_COLOURS,
        "flag_words": wording.FLAG_WORDS,
        "doubt_words": wording.DOUBT_WORDS,
        "name_of": wording.name_of,
        "works_of": wording.works_of,
        "code_words": code_words,
        "mark_words": wording.mark_words,
        "pattern_words": pattern_words.PATTERN_WORDS,
        "pattern_states": pattern_words.PATTERN_STATES,
        "finding_words": pattern_words.FINDING_WORDS,
        "sign_words": pattern_words.sign_words,
        "expected_words": pattern_words.expected_words,
        "chance_words": pattern_words.chance_words,
        "search_tabs": tabs,
    }


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """The pages of search that the reader's role includes."""
    from shared.web.request import actor

    return [(words, href, href == current) for words, href, roles in _TABS if actor().has(*roles)]
