"""The authorities of the region, and the rule sets of each with the day they begin."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shared.contracts.platform import ConfigurationChanged
from shared.errors import NotFound
from shared.replicas import tables
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

TERMS = "terms"
_ALL = select(tables.authority.c.code, tables.authority.c.value)
_ONE = select(tables.authority.c.value).where(tables.authority.c.code == bindparam("code"))


@dataclass(frozen=True)
class Authority:
    """A local authority as everyone may know it. `terms` are its own words for canonical codes;
    `contact_route` is how another authority's officer reaches its officers; `pooled` says whether its
    mentions take part in regional search.
    """

    code: str
    display_name: str
    contact_route: str = ""
    pooled: bool = False
    theme: str = ""
    phone: str = ""
    child_referral_phone: str = ""
    terms: dict[str, str] = field(default_factory=dict)


def authorities(tx: Transaction) -> tuple[Authority, ...]:
    """All of the region, by display name."""
    if tables.authority not in tx.remembered:
        found = (Authority(code=code, **value) for code, value in tx.db.execute(_ALL).all())
        tx.remembered[tables.authority] = tuple(sorted(found, key=lambda one: one.display_name))
    known: tuple[Authority, ...] = tx.remembered[tables.authority]
    return known


def authority(tx: Transaction, code: str) -> Authority:
    """One of the region, the bound one with the terms that hold at `tx.now`. Raises NotFound."""
    value = tx.db.execute(_ONE, {"code": code}).scalar_one_or_none()
    if value is None:
        raise NotFound("There is no such authority here. Choose yours from the list on the first page.")
    found = Authority(code=code, **value)
    if code != tx.authority:
        return found
    return replace(found, terms={**found.terms, **(configuration(tx, TERMS) or {})})


# Asked at nearly every fact and page, so it is made once.
_VERSIONS = (
    select(tables.configuration.c.effective_from, tables.configuration.c.value)
    .where(
        tables.configuration.c.authority == bindparam("here"),
        tables.configuration.c.kind == bindparam("of_kind"),
    )
    .order_by(tables.configuration.c.effective_from)
)


def configuration(tx: Transaction, kind: str, at: datetime | None = None) -> Any | None:
    """The bound authority's rule set of that kind as it stands at `tx.now`, or `at` another moment.

    None when it has none.
    """
    place = tables.configuration, tx.authority, kind
    if place not in tx.remembered:
        rows = tx.db.execute(_VERSIONS, {"here": tx.authority, "of_kind": kind})
        tx.remembered[place] = [(since, value) for since, value in rows]
    # `tx.now` of a history is its own time: an old case is judged by the rules of its day.
    moment = at or tx.now
    return next((value for since, value in reversed(tx.remembered[place]) if since <= moment), None)


@tables.heard(ConfigurationChanged)
def apply_configuration(tx: Transaction, event: ConfigurationChanged) -> None:
    """Keep a rule set; one of kind `authority` opens or changes the authority itself."""
    value = json.loads(event.value)
    if event.kind == "authority":
        tx.remembered.pop(tables.authority, None)
        row = {"code": tx.authority, "value": value, "effective_from": event.effective_from}
        statement = upsert(tx.db, tables.authority, [row])
        tx.db.execute(
            statement.on_conflict_do_update(
                index_elements=["code"],
                set_={"value": statement.excluded.value},
                where=tables.authority.c.effective_from <= event.effective_from,
            )
        )
        return
    row = {
        "authority": tx.authority,
        "kind": event.kind,
        "effective_from": event.effective_from,
        "value": value,
    }
    tx.remembered.pop((tables.configuration, tx.authority, event.kind), None)
    statement = upsert(tx.db, tables.configuration, [row])
    tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=["authority", "kind", "effective_from"], set_={"value": statement.excluded.value}
        )
    )
