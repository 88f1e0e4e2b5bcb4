"""The other adapter: contents in a database of their own, where no folder is shared between machines."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cached_property

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError

from shared.errors import Unavailable
from shared.files.shelves import Place
from shared.settings import Settings
from shared.store import walls
from shared.store.dialect import upsert
from shared.store.engine import Gate, begin, open_engine
from shared.store.guard import authority_column
from shared.store.owner import owning, roles_of
from shared.store.types import UtcDateTime

DATABASE = "files"

metadata = MetaData()

file_content = Table(
    "file_content",
    metadata,
    authority_column(primary_key=True),
    Column("owner", String(40), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("written_at", UtcDateTime, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("file_content_written", "authority", "owner", "written_at"),
)


class BlobShelf:
    """Rows of the database that `HEED_DATABASE_URL` names for `files`. Connects at the first use."""

    def __init__(self, url: str) -> None:
        self._url = url

    def write(self, place: Place, sealed: bytes, now: datetime) -> None:
        """See Shelf."""
        with self._open(place.authority, writing=True) as db:
            row = {
                "authority": place.authority, "owner": place.owner, "address": place.address,
                "written_at": now, "sealed": sealed,
            }  # fmt: skip
            statement = upsert(db, file_content, [row])
            db.execute(
                statement.on_conflict_do_update(
                    index_elements=["authority", "owner", "address"],
                    set_={"sealed": statement.excluded.sealed, "written_at": statement.excluded.written_at},
                )
            )

    def read(self, place: Place) -> bytes | None:
        """See Shelf."""
        with self._open(place.authority, writing=False) as db:
            return db.execute(select(file_content.c.sealed).where(*_at(place))).scalar_one_or_none()

    def remove(self, place: Place) -> None:
        """See Shelf."""
        with self._open(place.authority, writing=True) as db:
            db.execute(delete(file_content).where(*_at(place)))

    def written_before(self, owner: str, authority: str, moment: datetime) -> Iterator[str]:
        """See Shelf."""
        mine = (file_content.c.authority == authority, file_content.c.owner == owner)
        query = select(file_content.c.address).where(*mine, file_content.c.written_at < moment)
        with self._open(authority, writing=False) as db:
            # Read whole before it is handed on: the caller deletes, and needs the gate for that.
            found = db.execute(query.order_by(file_content.c.address)).scalars().all()
        yield from found

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._url)
        if engine.dialect.name == "sqlite":
            create(engine)
        return engine

    @cached_property
    def _gate(self) -> Gate:
        return Gate(self._engine)

    @contextmanager
    def _open(self, authority: str, *, writing: bool) -> Iterator[Connection]:
        try:
            gate = self._gate.writing() if writing else nullcontext()
            with gate, begin(self._engine, authority, writing=writing) as db:
                yield db
        except DBAPIError:
            raise Unavailable("The store of files does not answer. Try again in a few minutes.") from None


def on_server(settings: Settings) -> bool:
    """Whether files are in a database of a server, whose table `migrate` makes."""
    return settings.files_url.startswith("database://") and not settings.database.startswith("sqlite")


def migrate(settings: Settings) -> str:
    """Make the table and its wall as the owner. Returns what was done."""
    with owning(settings.migrate_url(DATABASE)) as db:
        said = "up to date" if inspect(db).has_table(file_content.name) else "tables made"
        metadata.create_all(db)
        walls.put_up(db, [metadata], roles_of(db, settings.database_url(DATABASE), DATABASE))
        return said


def create(engine: Engine) -> None:
    """Make the table where it is missing; on PostgreSQL the owner of the tables does."""
    metadata.create_all(engine)


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        file_content.c.authority == place.authority,
        file_content.c.owner == place.owner,
        file_content.c.address == place.address,
    )
