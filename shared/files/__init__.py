"""Files: encrypted at rest, in a folder or a database, opened only by who holds a row granting it."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.crypto import Vault
from shared.files.cabinet import Files, OpenFile, sweep
from shared.files.shelves import FolderShelf
from shared.settings import Settings

__all__ = ["Files", "OpenFile", "open_files", "sweep"]


def open_files(settings: Settings, vault: Vault) -> Files:
    """The adapter for `HEED_FILES_URL`; connects to nothing yet."""
    if settings.files_url.startswith("database://"):
        from shared.files.blobs import DATABASE, BlobShelf

        return Files(BlobShelf(settings.database_url(DATABASE)), vault)
    return Files(FolderShelf(Path(unquote(urlsplit(settings.files_url).path))), vault)
