"""What an administrator changes of the authority's record."""

from dataclasses import asdict

from services.intake.actions.permits import require
from services.intake.domain.permission import Act
from services.intake.domain.region import AuthorityRecord, check_authority
from shared import replicas
from shared.store.transaction import Transaction


def open_authority(tx: Transaction, record: AuthorityRecord) -> None:
    """Open the bound authority, or change what the region knows of it."""
    require(tx, Act.ADMINISTER)
    replicas.change_configuration(tx, "authority", asdict(check_authority(tx.authority, record)))
