"""The pages and the JSON API of search."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask_smorest import Blueprint


def blueprints() -> "Sequence[Blueprint]":
    """Pages and API."""
    return ()
