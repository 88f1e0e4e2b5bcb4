"""The door of reporting."""

from collections.abc import Sequence
from typing import Any

from services.reporting.actions import give_sign
from services.reporting.consumers import subscriptions
from services.reporting.store import metadata
from shared.service import Service


def _blueprints() -> Sequence[Any]:
    from services.reporting.web import pages as figures  # noqa: F401  its views join the blueprint
    from services.reporting.web import records, region, register  # noqa: F401
    from services.reporting.web.api import api
    from services.reporting.web.blueprint import pages

    return pages, api


SERVICE = Service("reporting", metadata, subscriptions, _blueprints, pumps=(give_sign,))
