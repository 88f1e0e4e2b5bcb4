"""Which tables this build needs, read from its migrations as text.

Every process asks at its start, and a worker that was killed is waited for: Alembic would take half as long
to load again as all the rest.
"""

import re
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection, inspect

from shared.errors import Misconfigured

HERE = Path(__file__).parent / "migrations"
KERNEL = "kernel"
VERSION_TABLE = "alembic_version"
_NAMED = re.compile(r"""^(revision|down_revision) = ["'](\w+)["']$""", re.MULTILINE)


def is_behind(db: Connection, service: str) -> bool:
    """Whether the tables are not those of this build. Raises Misconfigured when a later one made them."""
    applied = present(db)
    refuse_unknown(applied, service)
    return applied != heads(service)


def heads(service: str) -> set[str]:
    """The last migration of the kernel's branch and of the service's."""
    known = _revisions(service)
    return set(known) - set(known.values())


def refuse_unknown(applied: set[str], service: str) -> None:
    """Raises Misconfigured when a migration was applied that this build does not know."""
    if not applied <= set(_revisions(service)):
        raise Misconfigured(
            "The database was brought up by a later build of Heed: start that build, or restore a backup."
        )


def versions(service: str) -> Path:
    """Where a service keeps its migrations."""
    spec = find_spec(f"services.{service}")
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(f"There is no service {service} in this installation.")
    return Path(spec.submodule_search_locations[0]) / "migrations"


def present(db: Connection) -> set[str]:
    """The last migration of each branch that was applied here; none in an empty database."""
    if not inspect(db).has_table(VERSION_TABLE):
        return set()
    # Alembic's own table, which no metadata of ours knows.
    return {row[0] for row in db.exec_driver_sql("SELECT version_num FROM alembic_version")}


def _revisions(service: str) -> dict[str, str | None]:
    """Each migration and the one before it."""
    folders = (HERE / "versions", versions(service))
    return dict(_names(path) for folder in folders for path in sorted(folder.glob("*.py")))


def _names(path: Path) -> tuple[str, str | None]:
    said = dict(_NAMED.findall(path.read_text(encoding="utf-8")))
    return said["revision"], said.get("down_revision")
