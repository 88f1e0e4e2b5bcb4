"""One suite for both shelves: what is put comes back to who may open it, and to nobody else."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from shared import files
from shared.contracts.files import NOT_SCANNED, FileRef, NamedFile
from shared.crypto import Unreadable, Vault
from shared.errors import Invalid, NotFound, Refused, Unavailable
from shared.files import Files, open_files
from shared.files.blobs import BlobShelf
from shared.files.shelves import FolderShelf, Place, Shelf
from shared.files.tables import file_grant
from shared.settings import Settings, from_environment
from shared.store.database import Database
from tests.platform import SetClock
from tests.shared.bare import bare, officer
from tests.shared.files.samples import PDF, PNG


@pytest.fixture(params=["folder", "database"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    where = {"folder": f"file://{tmp_path}/files", "database": "database://"}[request.param]
    return from_environment({"HEED_DATA": str(tmp_path), "HEED_FILES_URL": where})


@pytest.fixture
def service(settings: Settings, clock: SetClock) -> Iterator[Callable[[str], Database]]:
    opened: list[Database] = []

    def make(name: str) -> Database:
        opened.append(bare(name, settings, clock))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def intake(service: Callable[[str], Database]) -> Database:
    return service("intake")


def put(
    database: Database, name: str = "report.pdf", content: bytes = PDF, authority: str = "dorset"
) -> FileRef:
    with database.transaction(officer(authority)) as tx:
        ref = tx.tools.files.put(tx, name=name, content=content)
        assert isinstance(ref, FileRef)
        return ref


def content(database: Database, ref: FileRef, authority: str = "dorset") -> bytes:
    with database.reading(officer(authority)) as tx:
        return bytes(tx.tools.files.open(tx, ref.id).content)


def remove(database: Database, ref: FileRef) -> None:
    with database.transaction(officer()) as tx:
        tx.tools.files.remove(tx, ref.id)


def sweep(database: Database) -> int:
    with database.transaction(officer()) as tx:
        return int(tx.tools.files.sweep(tx))


def test_a_file_comes_back_as_it_was_put(intake: Database) -> None:
    ref = put(intake, "C:\\evidence\\report.pdf")
    with intake.reading(officer()) as tx:
        opened = tx.tools.files.open(tx, ref.id)
        assert tx.tools.files.named(tx, [ref.id]) == (NamedFile(name="report.pdf", ref=ref),)
    assert (opened.content, opened.name, opened.ref) == (PDF, "report.pdf", ref)
    assert (ref.owner, ref.size, ref.type) == ("intake", len(PDF), "application/pdf")
    assert ref.scan_state == NOT_SCANNED


def test_a_refused_file_leaves_nothing(intake: Database, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        put(intake, "virus.exe", b"MZ\x90\x00")
    assert not list(tmp_path.glob("files/**/*"))


def test_nothing_readable_lies_on_the_disk(intake: Database, tmp_path: Path) -> None:
    put(intake, "Quillfeather.pdf", PDF + b"canary-content")
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"canary-content" not in stored
    assert b"Quillfeather" not in stored


def test_another_authority_finds_nothing(intake: Database) -> None:
    ref = put(intake)
    with pytest.raises(NotFound):
        content(intake, ref, "wiltshire")


def test_another_service_opens_it_with_a_grant_only(
    intake: Database, service: Callable[[str], Database]
) -> None:
    casework, ref = service("casework"), put(intake)
    with pytest.raises(NotFound):
        content(casework, ref)
    for _ in range(2):
        with casework.transaction(officer()) as tx:
            tx.tools.files.grant(tx, ref, name="report.pdf")
    assert content(casework, ref) == PDF
    with casework.transaction(officer()) as tx:
        tx.tools.files.revoke(tx, ref.id)
    with pytest.raises(NotFound):
        content(casework, ref)


def test_a_grant_in_another_authority_opens_nothing(
    intake: Database, service: Callable[[str], Database]
) -> None:
    casework, ref = service("casework"), put(intake)
    with casework.transaction(officer("wiltshire")) as tx:
        tx.tools.files.grant(tx, ref, name="report.pdf")
    with pytest.raises(NotFound, match="deleted"):
        content(casework, ref, "wiltshire")


def test_files_are_named_in_the_order_asked_for_and_strangers_are_left_out(intake: Database) -> None:
    first, second = put(intake, "one.pdf"), put(intake, "two.pdf")
    with intake.reading(officer()) as tx:
        found = tx.tools.files.named(tx, [second.id, "no-such-file", first.id])
        assert [one.name for one in found] == ["two.pdf", "one.pdf"]
        assert tx.tools.files.named(tx, []) == ()
    with intake.reading(officer("wiltshire")) as tx:
        assert tx.tools.files.named(tx, [first.id]) == ()


def test_a_file_that_a_check_holds_back_is_not_opened(intake: Database) -> None:
    ref = put(intake)
    with intake.transaction(officer()) as tx:
        mine = file_grant.c.authority == tx.authority
        tx.db.execute(update(file_grant).where(mine).values(scan_state="suspect"))
    with pytest.raises(Refused, match="held back"):
        content(intake, ref)


def test_a_removed_file_is_closed_at_once_and_destroyed_by_the_sweep(
    intake: Database, service: Callable[[str], Database]
) -> None:
    casework, ref, other = service("casework"), put(intake), put(intake)
    with casework.transaction(officer()) as tx:
        tx.tools.files.grant(tx, ref, name="report.pdf")
    remove(intake, ref)
    with pytest.raises(NotFound):
        content(intake, ref)
    assert content(casework, ref) == PDF
    assert sweep(intake) == 1
    assert sweep(intake) == 0
    with pytest.raises(NotFound, match="deleted"):
        content(casework, ref)
    assert content(intake, other) == PDF


def test_only_the_owner_destroys(intake: Database, service: Callable[[str], Database]) -> None:
    casework, ref = service("casework"), put(intake)
    with casework.transaction(officer()) as tx:
        tx.tools.files.grant(tx, ref, name="report.pdf")
    remove(casework, ref)
    assert sweep(casework) == 0
    assert content(intake, ref) == PDF


def test_content_of_an_undone_transaction_is_destroyed_a_day_later(intake: Database, clock: SetClock) -> None:
    kept = put(intake)
    with pytest.raises(RuntimeError), intake.transaction(officer()) as tx:
        tx.tools.files.put(tx, name="lost.png", content=PNG)
        raise RuntimeError
    assert sweep(intake) == 0
    clock.forward(timedelta(days=1, minutes=1))
    assert sweep(intake) == 1
    clock.forward(timedelta(days=1))
    assert sweep(intake) == 0
    assert content(intake, kept) == PDF


def test_an_exchanged_content_does_not_open(intake: Database, settings: Settings) -> None:
    one, other = put(intake), put(intake, "photo.png", PNG)
    shelf = shelf_of(settings)
    first, second = (place_of(intake, ref) for ref in (one, other))
    found = shelf.read(second)
    assert found is not None
    shelf.write(first, found, intake.tools.clock())
    with pytest.raises(Unreadable):
        content(intake, one)


def test_a_grant_with_another_hash_opens_nothing(intake: Database) -> None:
    ref = put(intake)
    with intake.transaction(officer()) as tx:
        mine = file_grant.c.authority == tx.authority
        tx.db.execute(update(file_grant).where(mine).values(sha256="0" * 64))
    with pytest.raises(Unreadable):
        content(intake, ref)


def shelf_of(settings: Settings) -> Shelf:
    return open_files(settings, Vault(settings.secret_keys))._shelf


def place_of(database: Database, ref: FileRef) -> Place:
    place = database.tools.files._place("dorset", ref)
    assert isinstance(place, Place)
    return place


def test_a_shelf_keeps_replaces_lists_and_forgets(settings: Settings, clock: SetClock) -> None:
    shelf, place = shelf_of(settings), Place("intake", "dorset", "ab" * 32)
    assert shelf.read(place) is None
    for sealed in (b"first", b"second"):
        shelf.write(place, sealed, clock())
        assert shelf.read(place) == sealed
    later = clock() + timedelta(seconds=1)
    assert list(shelf.written_before("intake", "dorset", later)) == [place.address]
    assert list(shelf.written_before("intake", "dorset", clock())) == []
    assert list(shelf.written_before("casework", "dorset", later)) == []
    shelf.remove(place)
    shelf.remove(place)
    assert shelf.read(place) is None


@pytest.mark.parametrize(
    "parts", [("..", "dorset", "ab" * 32), ("intake", "a/b", "ab" * 32), ("intake", "dorset", "x")]
)
def test_a_place_leads_nowhere_else(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="no place"):
        Place(*parts)


def test_a_medium_that_fails_is_unavailable(tmp_path: Path, clock: SetClock) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    place = Place("intake", "dorset", "ab" * 32)
    for shelf in (FolderShelf(tmp_path / "blocked"), BlobShelf(f"sqlite:///{tmp_path}/blocked/x.db")):
        with pytest.raises(Unavailable, match="Try again"):
            shelf.write(place, b"sealed", clock())
        with pytest.raises(Unavailable, match="Try again"):
            shelf.read(place)
        with pytest.raises(Unavailable, match="Try again"):
            shelf.remove(place)


def test_the_folder_is_for_its_owner_only(tmp_path: Path, clock: SetClock) -> None:
    FolderShelf(tmp_path / "files").write(Place("intake", "dorset", "ab" * 32), b"sealed", clock())
    (stored,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stat.S_IMODE((tmp_path / "files").stat().st_mode) == 0o700
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600


def test_what_a_killed_process_left_half_written_goes(tmp_path: Path, clock: SetClock) -> None:
    shelf, place = FolderShelf(tmp_path / "files"), Place("intake", "dorset", "ab" * 32)
    shelf.write(place, b"sealed", clock())
    (stored,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    left = stored.with_name(f".{stored.name}.0a0b0c0d")
    left.write_bytes(b"seal")
    os.utime(left, (clock().timestamp(), clock().timestamp()))
    assert list(shelf.written_before("intake", "dorset", clock() + timedelta(days=1))) == [place.address]
    assert stored.exists()
    assert not left.exists()


def test_a_shelf_that_is_away_does_not_stop_the_pump(
    tmp_path: Path, intake: Database, settings: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.shared.mail.test_letters import Desk

    ref = put(intake)
    remove(intake, ref)
    away = replace(
        intake.tools, files=Files(BlobShelf(f"sqlite:///{tmp_path}/nowhere/x.db"), intake.tools.vault)
    )
    assert files.sweep(Desk(Database(intake.engine, away))) == 0
    assert "files_unavailable" in capsys.readouterr().err
    assert files.sweep(Desk(intake)) == 1
