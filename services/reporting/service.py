"""The door of reporting."""

from collections.abc import Sequence
from typing import Any

from services.reporting.consumers import subscriptions
from services.reporting.store import metadata
from shared.service import Service
from shared.vitals import HEARD


def _blueprints() -> Sequence[Any]:
    from services.reporting.web import configured, records, region, register  # noqa: F401
    from services.reporting.web import pages as figures  # noqa: F401  its views join the blueprint
    from services.reporting.web.api import api
    from services.reporting.web.blueprint import pages

    return pages, api, configured.blueprint


SERVICE = Service(
    "reporting", metadata, subscriptions, _blueprints, late={HEARD: "The figures do not count it."}
)
