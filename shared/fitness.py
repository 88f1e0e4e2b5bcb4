"""Whether a process may start on its database: tables of this build, and a login that row-level security
holds.
"""

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from shared.errors import Misconfigured, Unavailable
from shared.runtime import Runtime
from shared.store import engine
from shared.store.roles import KNOWN, Role

# The server's own catalogue, which no metadata knows; the guard would refuse it as a statement of ours.
_MIGHT = (
    "SELECT r.rolname, r.rolsuper OR r.rolbypassrls AS passes, EXISTS (SELECT FROM pg_class c"
    " WHERE c.relowner = r.oid AND c.relkind = 'r') AS owns"
    " FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')"
)


def check(runtime: Runtime) -> None:
    """Raises Misconfigured with the sentence that says what to do."""
    # Alembic is looked at once, at the start; it would burden every import of this.
    from shared.store.build import is_behind

    try:
        # Not by the door that logs an outage: whoever starts is told in one sentence.
        with engine.begin(runtime.database.engine, "", writing=False, role=Role.WORKER) as db:
            if db.dialect.name == "postgresql" and runtime.settings.production:
                _check_rights(db)
            if is_behind(db, runtime.name):
                raise Misconfigured(
                    f"The tables of {runtime.name} are not those of this build: "
                    f"run `heed migrate {runtime.name}`."
                )
    except OperationalError:
        raise Unavailable(
            f"The database of {runtime.name} does not answer; start it, then try again."
        ) from None


def _check_rights(db: Connection) -> None:
    found = db.exec_driver_sql(_MIGHT).all()
    if any(row.passes for row in found):
        raise Misconfigured(
            "The user of HEED_DATABASE_URL may bypass row-level security: give the login that "
            "`heed migrate --roles` makes."
        )
    if any(row.owns for row in found):
        raise Misconfigured(
            "The user of HEED_DATABASE_URL owns tables: give the login that `heed migrate --roles` makes, "
            "and the owner in HEED_MIGRATE_URL."
        )
    if not db.info.get(KNOWN):
        raise Misconfigured(
            "The user of HEED_DATABASE_URL has no roles: run `heed migrate --roles` once with HEED_ADMIN_URL."
        )
