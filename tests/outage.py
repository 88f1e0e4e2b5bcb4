"""Parts that are taken away from a process of the test's own, and given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.store.database import Database


@contextmanager
def without_database(database: Database) -> Iterator[None]:
    """Its SQLite file cannot be opened in the block."""
    # Given back first: a connection that is open keeps the file, wherever it is moved.
    database.close()
    place = Path(str(database.engine.url.database))
    kept = place.rename(place.with_suffix(".kept"))
    place.mkdir()
    yield
    place.rmdir()
    kept.rename(place)
