"""The door of search."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.search.actions import indexing, loading
from services.search.actions.opening import open_index
from services.search.consumers import subscriptions
from services.search.store.tables import metadata
from shared.service import Service
from shared.vitals import HEARD, OUTSIDE

if TYPE_CHECKING:
    import click
    from flask_smorest import Blueprint

    from shared.settings import Settings


def _blueprints() -> "Sequence[Blueprint]":
    from services.search.web import blueprints

    return blueprints()


def _commands() -> "Sequence[click.Command]":
    from services.search.commands import COMMANDS

    return COMMANDS


def _open_index(settings: "Settings") -> Any:
    return open_index(settings.index_url)


SERVICE = Service(
    name="search",
    metadata=metadata,
    subscriptions=subscriptions,
    blueprints=_blueprints,
    commands=_commands,
    open_gateway=_open_index,
    pumps=(indexing.send_waiting, loading.enter_waiting),
    late={
        HEARD: "Adults who were named there are not found yet.",
        OUTSIDE: "The index of earlier concerns does not answer{since}. Searches may fail, and new "
        "contacts are not checked for earlier concerns.",
    },
)
