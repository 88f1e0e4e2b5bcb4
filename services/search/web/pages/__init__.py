"""The pages of search."""

from services.search.web.pages import contacts, matches, people, records, register
from services.search.web.pages.door import blueprint as pages

__all__ = ["contacts", "matches", "pages", "people", "records", "register"]
