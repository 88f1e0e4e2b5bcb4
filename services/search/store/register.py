"""What registers say about settings: who runs them, how many are there, when they opened and closed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import and_, delete, select, update

from services.search.domain.register import Entry
from services.search.store import patterns, sealing
from services.search.store.setting_tables import employment, provider, setting, setting_key, succession
from shared.store.dialect import upsert
from shared.store.transaction import Transaction


@dataclass(frozen=True)
class Provider:
    """The body that runs settings: a trust, a company, a charity."""

    provider_id: str
    name: str
    company: str = ""


@dataclass(frozen=True)
class Kept:
    """A row of a register as it is kept."""

    entry: Entry
    provider: Provider | None = None


@dataclass(frozen=True)
class Known:
    """A setting as far as a load must know it. `named`: a contact spoke of it."""

    mark: str = ""
    named: bool = False


# What of a row changes a setting; its list and its own body are written in full.
_FROM_ENTRY = ("head_count", "opened_on", "closed_on")


def mark_of(tx: Transaction[Any], kept: Kept) -> str:
    """Changes when anything that the row says changes."""
    # A hash and not the row: it stands in the clear beside the sealed body.
    said = msgspec.json.encode((replace(kept.entry, row=0), kept.provider))
    return tx.tools.vault.fingerprint("search|register", said)


def known(tx: Transaction[Any], setting_ids: Collection[str]) -> dict[str, Known]:
    """Those of these settings that are in the register."""
    query = select(setting.c.setting_id, setting.c.mark, setting.c.named_at).where(
        setting.c.authority == tx.authority, setting.c.setting_id.in_(setting_ids)
    )
    return {one: Known(mark, named_at is not None) for one, mark, named_at in tx.db.execute(query).all()}


def put(tx: Transaction[Any], rows: Mapping[str, tuple[str, Kept]]) -> None:
    """Settings as a register says that they are, each with its mark."""
    if not rows:
        return
    _put_providers(tx, {one.provider.provider_id: one.provider for _, one in rows.values() if one.provider})
    statement = upsert(tx.db, setting)
    fresh = ("kind", "mark", "provider_id", "body", *_FROM_ENTRY)
    changed = {name: statement.excluded[name] for name in fresh}
    statement = statement.on_conflict_do_update(index_elements=["authority", "setting_id"], set_=changed)
    tx.db.execute(statement, [_row(tx, one, mark, kept) for one, (mark, kept) in sorted(rows.items())])


def succeed(tx: Transaction[Any], links: Collection[tuple[int, str]]) -> None:
    """The setting under that key was followed by that setting."""
    rows = [{"authority": tx.authority, "k": k, "setting_id": one} for k, one in sorted(links)]
    if rows:
        tx.db.execute(upsert(tx.db, succession).on_conflict_do_nothing(), rows)


def join(tx: Transaction[Any], gone: str, kept: str) -> None:
    """One setting turned out to be the other: whoever was named there was named here."""
    for table in (setting_key, succession):
        here = and_(table.c.authority == tx.authority, table.c.setting_id == gone)
        tx.db.execute(update(table).where(here).values(setting_id=kept))
    query = select(employment).where(employment.c.authority == tx.authority, employment.c.setting_id == gone)
    rows = [{**row, "setting_id": kept} for row in tx.db.execute(query).mappings()]
    if rows:
        # Somebody may have been named at both in one contact.
        tx.db.execute(upsert(tx.db, employment).on_conflict_do_nothing(), rows)
        here = and_(employment.c.authority == tx.authority, employment.c.setting_id == gone)
        tx.db.execute(delete(employment).where(here))
    here = and_(setting.c.authority == tx.authority, setting.c.setting_id == gone)
    tx.db.execute(update(setting).where(here).values(joined_to=kept))
    patterns.join(tx, gone, kept)


def provider_id(tx: Transaction[Any], known_by: str) -> str:
    """The id of a body in the bound authority, from what it is known by."""
    return sealing.opaque(tx, "provider", tx.authority, known_by)


def provider_of(tx: Transaction[Any], provider_id: str) -> Provider | None:
    """One body that runs settings."""
    query = select(provider.c.body).where(
        provider.c.authority == tx.authority, provider.c.provider_id == provider_id
    )
    sealed = tx.db.execute(query).scalar_one_or_none()
    return None if sealed is None else sealing.unseal(tx, f"provider/{provider_id}", Provider, sealed)


def _put_providers(tx: Transaction[Any], found: Mapping[str, Provider]) -> None:
    rows = [
        {
            "authority": tx.authority,
            "provider_id": one.provider_id,
            "body": sealing.seal(tx, f"provider/{one.provider_id}", one),
        }
        for _, one in sorted(found.items())
    ]
    if rows:
        statement = upsert(tx.db, provider)
        tx.db.execute(
            statement.on_conflict_do_update(
                index_elements=["authority", "provider_id"], set_={"body": statement.excluded.body}
            ),
            rows,
        )


def _row(tx: Transaction[Any], setting_id: str, mark: str, kept: Kept) -> dict[str, Any]:
    entry = kept.entry
    return {
        "authority": tx.authority,
        "setting_id": setting_id,
        "kind": entry.setting.kind,
        "listed_at": tx.now,
        "concerns": 0,
        "mark": mark,
        "provider_id": kept.provider.provider_id if kept.provider else "",
        "body": sealing.seal(tx, f"setting/{setting_id}", entry.setting),
        **{name: getattr(entry, name) for name in _FROM_ENTRY},
    }
