"""What an administrator changes: the authority's record and the rules that intake owns."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.intake.actions.permits import require
from services.intake.domain.permission import Act
from services.intake.domain.region import AuthorityRecord, check_authority, closures_from
from shared import replicas
from shared.contracts.platform import ConfigurationChanged
from shared.store.transaction import Transaction


def open_authority(tx: Transaction, record: AuthorityRecord) -> None:
    """Open the bound authority, or change what the region knows of it."""
    require(tx, Act.ADMINISTER)
    change(tx, "authority", asdict(check_authority(tx.authority, record)))


def set_closures(tx: Transaction, lines: list[str]) -> list[str]:
    """The days on which the authority's office is closed besides weekends and bank holidays, whole."""
    require(tx, Act.ADMINISTER)
    days = closures_from(lines)
    change(tx, "closures", days)
    return days


def change(tx: Transaction, kind: str, value: Any, effective_from: datetime | None = None) -> None:
    """Publish a rule set and apply it here at once."""
    # The whole rule set each time: whoever missed one change is right again after the next.
    event = ConfigurationChanged(
        configuration_id=f"{tx.authority}/{kind}",
        kind=kind,
        value=json.dumps(value),
        effective_from=effective_from or tx.now,
        changed_by=tx.scope.actor.id,
    )
    tx.publish(event)
    replicas.apply_configuration(tx, event)
