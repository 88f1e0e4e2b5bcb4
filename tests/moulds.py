"""Empty databases are cast, not made: making tables takes half of a small test, copying a file none of it."""

import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

import services
from shared.service import Service
from shared.settings import Settings, from_environment
from shared.store.engine import open_engine
from shared.store.migrate import migrate
from shared.store.schema import create

_moulds: dict[tuple[object, ...], Path] = {}


def cast(cast_for: Iterable[Service], settings: Settings) -> None:
    """The tables of each service whose database is a SQLite file that is not there yet."""
    for one in cast_for:
        place = _place(one, settings)
        if place is not None and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_mould(one), place)


def _place(service: Service, settings: Settings) -> Path | None:
    url = make_url(settings.database_url(service.name))
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _mould(service: Service) -> Path:
    # Tests invent services of one name with other tables.
    columns = tuple((name, *table.columns.keys()) for name, table in service.metadata.tables.items())
    known = (service.name, columns)
    if known not in _moulds:
        _moulds[known] = _made(service, len(_moulds))
    return _moulds[known]


def _made(service: Service, number: int) -> Path:
    settings = from_environment({"HEED_DATA": str(Path(_folder().name) / str(number))})
    place = _place(service, settings)
    assert place is not None
    place.parent.mkdir(parents=True, exist_ok=True)
    if service.name in services.NAMES:
        migrate(service, settings)
    else:
        engine = open_engine(settings.database_url(service.name))
        create(engine, service.metadata)
        engine.dispose()
    assert not Path(f"{place}-wal").exists(), "what stands beside the file would be lost in the copy"
    return place


@cache
def _folder() -> TemporaryDirectory[str]:
    """Gone with the process."""
    return TemporaryDirectory(prefix="heed-moulds-")
