"""Files as services handle them: put, granted to others, opened by who holds a grant, removed by their owner.

Each file has its own sealed content at an address hashed from its id, so that removing one can
never take another's, and a content moved to another address does not open.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, BinaryIO

from sqlalchemy import Row, delete, insert, select, update

from shared import logs
from shared.clock import new_id
from shared.contracts.files import FileRef, NamedFile
from shared.crypto import Unreadable, Vault
from shared.errors import NotFound, Refused, Unavailable
from shared.files.checks import content_of, tidy_name, type_of
from shared.files.shelves import Place, Shelf
from shared.files.tables import file_grant, stored_file
from shared.service import Office
from shared.store.dialect import upsert
from shared.store.transaction import Transaction

_log = logs.get("files")
_GONE = "This file is not here, or it is not for you."
# A transaction that takes longer than this would find the content of its new file destroyed.
_ORPHAN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class OpenFile:
    """A file with its name and content."""

    ref: FileRef
    name: str
    content: bytes


class Files:
    """One process's files on one shelf."""

    def __init__(self, shelf: Shelf, vault: Vault) -> None:
        self._shelf = shelf
        self._vault = vault
        self._looked: dict[tuple[str, str], date] = {}

    def put(
        self,
        tx: Transaction[Any],
        *,
        name: str,
        content: bytes | BinaryIO,
        content_type: str = "",  # noqa: ARG002
    ) -> FileRef:
        """Check, seal and keep a new file; the service becomes its owner. Raises Invalid with what to do
        about it.

        What the sender says of its type is not believed. Undone with the transaction (the sweep removes the
        content).
        """
        plain = content_of(content)
        shown = tidy_name(name)
        kind = type_of(shown, plain)
        ref = FileRef(new_id(), tx.tools.service, hashlib.sha256(plain).hexdigest(), len(plain), kind)
        place = self._place(tx.authority, ref)
        sealed = self._vault.seal(tx.authority, _context(ref), plain)
        # Before the row: a content without row is swept, a row without content would be a lost file.
        self._shelf.write(place, sealed, tx.recorded_at)
        tx.db.execute(insert(stored_file).values(id=ref.id, address=place.address, stored_at=tx.recorded_at))
        self.grant(tx, ref, name=shown)
        return ref

    def grant(self, tx: Transaction[Any], ref: FileRef, *, name: str) -> None:
        """Let this service open another's file: called for a fact that carries its reference. Safe to
        repeat."""
        row = {
            "authority": tx.authority, "file_id": ref.id, "owner": ref.owner, "sha256": ref.sha256,
            "size": ref.size, "type": ref.type, "scan_state": ref.scan_state, "granted_at": tx.recorded_at,
            "name": tx.seal(_name_place(ref.id), tidy_name(name).encode()),
        }  # fmt: skip
        keys = ["authority", "file_id"]
        tx.db.execute(upsert(tx.db, file_grant, [row]).on_conflict_do_nothing(index_elements=keys))

    def named(self, tx: Transaction[Any], file_ids: Collection[str]) -> tuple[NamedFile, ...]:
        """Files without their content, in the order asked for; those without a grant are left out."""
        query = select(file_grant).where(
            file_grant.c.authority == tx.authority, file_grant.c.file_id.in_(file_ids)
        )
        found = {row.file_id: row for row in tx.db.execute(query)} if file_ids else {}
        return tuple(
            NamedFile(name=_name(tx, found[one]), ref=_ref(found[one])) for one in file_ids if one in found
        )

    def open(self, tx: Transaction[Any], file_id: str) -> OpenFile:
        """A file with its content. Raises NotFound without a grant or after its owner removed it, Refused
        when it may hold malware, Unreadable when it was altered."""
        row = self._granted(tx, file_id)
        ref = _ref(row)
        if not ref.may_be_opened:
            raise Refused("This file is held back until a check for malware lets it through.")
        sealed = self._shelf.read(self._place(tx.authority, ref))
        if sealed is None:
            raise NotFound("This file has been deleted by those who kept it.")
        plain = self._vault.open(tx.authority, _context(ref), sealed)
        # The seal proves the place; only the hash in the fact proves it is the content that was sent.
        if hashlib.sha256(plain).hexdigest() != ref.sha256:
            raise Unreadable("A stored file is not the one that was put there.")
        return OpenFile(ref, _name(tx, row), plain)

    def revoke(self, tx: Transaction[Any], file_id: str) -> None:
        """Give up this service's grant."""
        tx.db.execute(
            delete(file_grant).where(file_grant.c.authority == tx.authority, file_grant.c.file_id == file_id)
        )

    def remove(self, tx: Transaction[Any], file_id: str) -> None:
        """Delete an own file: closed at once, its content gone for every service with the next sweep."""
        mine = stored_file.c.authority == tx.authority
        tx.db.execute(
            update(stored_file).where(mine, stored_file.c.id == file_id).values(removed_at=tx.recorded_at)
        )
        self.revoke(tx, file_id)

    def rewrap(self, tx: Transaction[Any]) -> int:
        """Bring the authority's own files under the active root key; returns how many needed it."""
        mine = select(stored_file.c.address).where(
            stored_file.c.authority == tx.authority, stored_file.c.removed_at.is_(None)
        )
        moved = 0
        for address in tx.db.execute(mine).scalars().all():
            place = Place(tx.tools.service, tx.authority, address)
            sealed = self._shelf.read(place)
            if sealed is not None and not self._vault.is_current(sealed):
                self._shelf.write(place, self._vault.rewrap(tx.authority, sealed), tx.recorded_at)
                moved += 1
        return moved

    def sweep(self, tx: Transaction[Any], limit: int = 100) -> int:
        """Destroy the contents of removed files, and once a day of files that were never committed; returns
        how many."""
        mine = stored_file.c.authority == tx.authority
        query = select(stored_file.c.id, stored_file.c.address).where(
            mine, stored_file.c.removed_at.is_not(None)
        )
        gone = tx.db.execute(query.limit(limit)).all()
        for row in gone:
            self._shelf.remove(Place(tx.tools.service, tx.authority, row.address))
        if gone:
            tx.db.execute(delete(stored_file).where(mine, stored_file.c.id.in_([row.id for row in gone])))
        return len(gone) + self._sweep_orphans(tx)

    def _sweep_orphans(self, tx: Transaction[Any]) -> int:
        today, place = tx.recorded_at.date(), (tx.tools.service, tx.authority)
        if self._looked.get(place) == today:
            return 0
        self._looked[place] = today
        found = self._shelf.written_before(*place, tx.recorded_at - _ORPHAN_AFTER)
        return sum(self._sweep_unknown(tx, batch) for batch in _batches(found, 500))

    def _sweep_unknown(self, tx: Transaction[Any], addresses: list[str]) -> int:
        known = select(stored_file.c.address).where(stored_file.c.authority == tx.authority)
        kept = set(tx.db.execute(known.where(stored_file.c.address.in_(addresses))).scalars())
        unknown = set(addresses) - kept
        for address in unknown:
            self._shelf.remove(Place(tx.tools.service, tx.authority, address))
        return len(unknown)

    def _granted(self, tx: Transaction[Any], file_id: str) -> Row[Any]:
        query = select(file_grant).where(
            file_grant.c.authority == tx.authority, file_grant.c.file_id == file_id
        )
        row = tx.db.execute(query).one_or_none()
        if row is None:
            raise NotFound(_GONE)
        return row

    def _place(self, authority: str, ref: FileRef) -> Place:
        # By the random id alone: whoever sees the folder cannot try out what a file might contain.
        address = hashlib.sha256(f"{authority}|{ref.owner}|{ref.id}".encode()).hexdigest()
        return Place(ref.owner, authority, address)


def sweep(office: Office) -> int:
    """The pump that destroys the contents of removed files."""
    try:
        with office.transaction() as tx:
            return int(tx.tools.files.sweep(tx))
    except Unavailable:
        # Destroying can wait for the shelf; the service's other work must not.
        _log.warning("files_unavailable", authority=office.authority)
        return 0


def _ref(row: Row[Any]) -> FileRef:
    return FileRef(row.file_id, row.owner, row.sha256, row.size, row.type, row.scan_state)


def _name(tx: Transaction[Any], row: Row[Any]) -> str:
    return tx.open(_name_place(row.file_id), row.name).decode()


def _context(ref: FileRef) -> str:
    return f"files/{ref.owner}/{ref.id}"


def _name_place(file_id: str) -> str:
    return f"file_grant/{file_id}/name"


def _batches(found: Iterator[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for address in found:
        batch.append(address)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
