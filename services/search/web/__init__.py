"""The pages and the JSON API of search."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask_smorest import Blueprint


def blueprints() -> "Sequence[Blueprint]":
    """Pages and API."""
    from services.search.web.api import blueprint
    from services.search.web.configured import blueprint as configured
    from services.search.web.pages import pages

    return (pages, blueprint, configured)
