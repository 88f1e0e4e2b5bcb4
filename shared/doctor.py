"""What is wrong with an installation, each finding with what to do about it."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from shared import audit, settings, vitals
from shared.contracts import all_topics
from shared.crypto import Unreadable
from shared.errors import HeedError, Misconfigured
from shared.mail.carriers import open_carrier
from shared.messaging.deferred import REFUSED, Shelf
from shared.messaging.open import open_log
from shared.messaging.ports import Log
from shared.messaging.relay import Relay
from shared.messaging.worker import topics_of
from shared.runtime import Runtime, assemble
from shared.service import Service
from shared.settings import Settings
from shared.store.build import is_behind
from shared.store.publication import journal_place
from shared.store.roles import Role
from shared.store.schema import metadatas
from shared.store.tables import journal
from shared.store.transaction import Transaction

_LITTLE_SPACE = 500 * 1024 * 1024
# For a worker's sign of life, where everything that grows is elsewhere.
_LEAST_SPACE = 1024 * 1024
_LONG_AGO = 60.0
_SKEW = 60.0
# A whole chain takes minutes in a large region; `heed audit verify` does that.
_LINKS = 20_000


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    what: str
    well: bool
    says: str


class Ill(Exception):
    """A check that fails; the sentence says what to do."""


def examine(services: Sequence[Service]) -> list[Finding]:
    """All checks that make sense; a broken part does not hide the next one."""
    try:
        chosen = settings.from_environment()
    except Misconfigured as problem:
        return [Finding("settings", False, str(problem))]
    findings = [Finding("settings", True, f"read, {chosen.environment} run")]
    findings.append(_finding("disk", lambda: _disk(chosen)))
    findings.append(_finding("mail", lambda: _mail(chosen)))
    try:
        log = open_log(chosen)
    except HeedError as problem:
        return [*findings, Finding("bus", False, str(problem))]
    findings.append(_finding("bus", lambda: _bus(log)))
    for service in services:
        findings += _of_service(assemble(service, chosen, log, open_carrier(chosen), role=Role.WORKER))
    log.close()
    return findings


def _of_service(runtime: Runtime) -> Iterator[Finding]:
    name = runtime.name
    tables = _finding(f"{name} database", lambda: _tables(runtime))
    # Without tables every other check would fail with the same cause.
    yield tables
    if tables.well:
        yield _finding(f"{name} clock", lambda: _clock(runtime))
        yield _finding(f"{name} worker", lambda: _worker(runtime))
        yield _finding(f"{name} outbox", lambda: _outbox(runtime))
        yield _finding(f"{name} waiting records", lambda: _waiting(runtime))
        yield _finding(f"{name} audit", lambda: _audit(runtime))
        yield _finding(f"{name} outside", lambda: _gateway(runtime))
    runtime.database.close()


def _finding(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, check())
    except (Ill, HeedError) as problem:
        return Finding(what, False, str(problem))
    except (SQLAlchemyError, OSError) as problem:
        return Finding(
            what, False, f"It does not answer ({type(problem).__name__}): check its address, rights and disk."
        )


def _disk(chosen: Settings) -> str:
    folder = chosen.data if chosen.data.exists() else chosen.data.parent
    free = shutil.disk_usage(folder).free
    places = (chosen.database, chosen.bus_url, chosen.files_url, chosen.mail_url)
    if free < (_LITTLE_SPACE if any(str(chosen.data) in one for one in places) else _LEAST_SPACE):
        raise Ill(f"Only {free // 1_048_576} MB are free where HEED_DATA is; make room before it is full.")
    # Rights alone tell little on network drives and read-only mounts; writing does.
    probe = folder / ".heed-doctor"
    probe.write_bytes(b"")
    probe.unlink()
    return f"{free // 1_048_576} MB free, writable"


def _mail(chosen: Settings) -> str:
    return str(open_carrier(chosen).check())


def _bus(log: Log) -> str:
    log.ensure(())
    missing = all_topics() - {one.topic for one in log.standing("doctor", all_topics())}
    if missing:
        raise Ill(f"{len(missing)} topics are missing; run `heed migrate`.")
    return f"answers, {len(all_topics())} topics"


def _tables(runtime: Runtime) -> str:
    wanted = {table.name for one in metadatas(runtime.service.metadata) for table in one.sorted_tables}
    with runtime.database.plumbing(writing=False) as db:
        missing = wanted - set(inspect(db).get_table_names())
        if missing:
            raise Ill(
                f"{len(missing)} of {len(wanted)} tables are missing; run `heed migrate {runtime.name}`."
            )
        if is_behind(db, runtime.name):
            raise Ill(f"Its tables are not those of this build; run `heed migrate {runtime.name}`.")
    return f"answers, {len(wanted)} tables"


def _clock(runtime: Runtime) -> str:
    with runtime.database.plumbing(writing=False) as db:
        last = db.execute(select(func.max(journal.c.recorded_at))).scalar_one()
    ahead = (last - runtime.clock()).total_seconds() if last else 0.0
    if ahead > _SKEW:
        raise Ill(f"Facts were recorded {ahead:.0f} s ahead of this machine's clock; set the clocks by NTP.")
    return "agrees with what was recorded"


def _worker(runtime: Runtime) -> str:
    behind = sum(one.behind for one in runtime.log.standing(runtime.name, topics_of(runtime)))
    sign = runtime.settings.data / f"{runtime.name}.alive"
    silent = time.time() - sign.stat().st_mtime if sign.exists() else None
    if silent is not None and silent > _LONG_AGO:
        raise Ill(
            f"It last showed itself {silent:.0f} s ago, so it hangs or crashed; "
            f"restart `heed worker {runtime.name}`."
        )
    if silent is None and behind and not _works_elsewhere(runtime):
        raise Ill(
            f"{behind} facts wait to be heard and nobody works; start `heed run`, or "
            f"`heed worker {runtime.name}` where each process runs by itself."
        )
    return f"{'alive' if silent is not None else 'not here'}, {behind} facts to hear"


def _works_elsewhere(runtime: Runtime) -> bool:
    with runtime.database.plumbing(writing=False) as db:
        heard = vitals.all_of(db).get(vitals.HEARD)
    return heard is not None and heard > runtime.clock() - vitals.LATE


def _outbox(runtime: Runtime) -> str:
    waiting, age = Relay(runtime.database, runtime.log).waiting()
    if age > _LONG_AGO:
        raise Ill(
            f"{waiting} facts wait for the bus, the oldest for {age:.0f} s; "
            f"is `heed worker {runtime.name}` running?"
        )
    return f"{waiting} facts wait"


def _waiting(runtime: Runtime) -> str:
    with runtime.database.plumbing(writing=False) as db:
        counts = Shelf(db, runtime.database.tools.vault, runtime.name).counts()
    if counts.get(REFUSED):
        raise Ill(
            f"{counts[REFUSED]} dead letters hold back their keys; "
            f"see `heed dead-letters --service {runtime.name}`."
        )
    return f"{sum(counts.values())} records wait"


def _audit(runtime: Runtime) -> str:
    links = 0
    try:
        for authority in runtime.authorities():
            links += _chain(runtime, authority)
        return f"{links} links checked, whole"
    except Unreadable:
        raise Ill(
            "Stored values do not open: HEED_SECRET_KEYS is not the key this database was written with."
        ) from None


def _chain(runtime: Runtime, authority: str) -> int:
    with runtime.database.reading(runtime.system(authority)) as tx:
        verdict = audit.verify(tx.db, authority, last=_LINKS)
        _one_opens(runtime, tx)
    if verdict.broken_at is not None:
        raise Ill(
            f"The chain of {authority} is broken at link {verdict.broken_at}; follow docs/operate/audit.md."
        )
    return verdict.links


def _one_opens(runtime: Runtime, tx: Transaction[Any]) -> None:
    row = tx.db.execute(select(journal).order_by(journal.c.position.desc()).limit(1)).first()
    if row is not None:
        place = f"{runtime.name}/{journal_place(row.event_id)}"
        runtime.database.tools.vault.open(row.authority, place, row.body)


def _gateway(runtime: Runtime) -> str:
    gateway = runtime.database.tools.gateway
    check = getattr(gateway, "check", None)
    return str(check()) if check else "none of its own"
