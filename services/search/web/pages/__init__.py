"""The pages of search."""

from services.search.web.pages import (
    contacts,
    establishment,
    figures,
    loads,
    lookbacks,
    matches,
    patterns,
    people,
    profiles,
    records,
    settings,
    whole,
)
from services.search.web.pages.door import blueprint as pages

__all__ = [
    "contacts",
    "establishment",
    "figures",
    "loads",
    "lookbacks",
    "matches",
    "pages",
    "patterns",
    "people",
    "profiles",
    "records",
    "settings",
    "whole",
]
