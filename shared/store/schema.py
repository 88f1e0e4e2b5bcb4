"""A service's tables: the kernel's and its own, made together in an empty database."""

from collections.abc import Sequence

from sqlalchemy import Engine, MetaData

from shared import replicas
from shared.store import tables


def metadatas(own: MetaData) -> Sequence[MetaData]:
    """All tables of one service's database, the kernel's first."""
    from shared.files.tables import metadata as files
    from shared.mail.tables import metadata as mail

    return tables.metadata, replicas.metadata, files, mail, own


def create(engine: Engine, own: MetaData) -> None:
    """Make what is missing; for empty and embedded databases."""
    for metadata in metadatas(own):
        metadata.create_all(engine)
