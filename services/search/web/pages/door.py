"""The blueprint of the pages and who may open them."""

import flask

from services.search.web import wording
from shared.vocabulary import Role

blueprint = flask.Blueprint("search_pages", "services.search.web", template_folder="templates")

SEARCHERS = (Role.OFFICER, Role.MANAGER)
READERS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER)
REVIEWERS = (Role.MANAGER, Role.AUDITOR)
_TABS = (
    ("Search", "/search/people", SEARCHERS),
    ("Matches", "/search/matches", READERS),
    ("Settings", "/search/settings", READERS),
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
        "name_of": wording.name_of,
        "search_tabs": tabs,
    }


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """The pages of search that the reader's role includes."""
    from shared.web.request import actor

    return [(words, href, href == current) for words, href, roles in _TABS if actor().has(*roles)]
