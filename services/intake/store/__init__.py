"""Tables and queries: rows in, domain objects out. Personal parts are sealed before they get here."""

from services.intake.store.tables import metadata

__all__ = ["metadata"]
