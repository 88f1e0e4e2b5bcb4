"""Alembic's way in. The connection and the tables come from `shared/store/migrate.py`, the only caller."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext

from shared.store.types import UtcDateTime


def render(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """History stands by itself: a migration names no type of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def bring_up() -> None:
    """Run in the transaction that the caller holds open, so that a failure leaves nothing half done."""
    given = context.config.attributes
    metadata = given.get("metadata", ())
    names = {name for one in metadata for name in one.tables}
    context.configure(
        connection=given["connection"],
        target_metadata=list(metadata),
        render_as_batch=True,
        render_item=render,
        include_name=lambda name, kind, _parents: kind != "table" or name in names,
    )
    with context.begin_transaction():
        context.run_migrations()


bring_up()
