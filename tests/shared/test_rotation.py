"""A new root key: everything is brought under it, and then the old one is not needed to read."""

import os
from pathlib import Path

import services
from shared.actor import Actor, Scope
from shared.crypto import Vault
from shared.mail.carriers import open_carrier
from shared.messaging.deferred import Shelf
from shared.messaging.ports import Message
from shared.region import Region, Stepper, open_region
from shared.rehearsal import Rehearsal
from shared.rotation import rotate
from shared.settings import from_environment
from shared.store.publication import journal_place
from shared.store.tables import journal

LOADED = [services.load(name) for name in services.NAMES]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def region_with(folder: Path, *keys: bytes) -> Region:
    settings = from_environment(
        {"HEED_DATA": str(folder), "HEED_SECRET_KEYS": ",".join(key.hex() for key in keys)}
    )
    return open_region(settings, LOADED, open_carrier(settings))


def filled(region: Region) -> str:
    rehearsal = Rehearsal(region, None)
    rehearsal.turn(contacts=3)
    region.log.append([Message("heed.intake.contact", "k", b"no envelope")])
    stepper = Stepper(region)
    stepper.settle()
    stepper.close()
    with region["intake"].database.transaction(Scope("dorset", Actor("a"), "t")) as tx:
        return str(tx.tools.files.put(tx, name="note.pdf", content=PDF).id)


def test_after_a_rotation_the_new_key_alone_reads_everything(tmp_path: Path):
    old, new = os.urandom(32), os.urandom(32)
    first = region_with(tmp_path, old)
    file_id = filled(first)
    first.close()
    both = region_with(tmp_path, new, old)
    moved = {name: rotate(runtime) for name, runtime in both.runtimes.items()}
    assert all(moved.values())
    assert all(rotate(runtime) == 0 for runtime in both.runtimes.values())
    both.close()
    alone = region_with(tmp_path, new)
    for name, runtime in alone.runtimes.items():
        with runtime.database.plumbing(writing=False) as db:
            vault: Vault = runtime.database.tools.vault
            for row in db.execute(journal.select()):
                assert vault.open(row.authority, f"{name}/{journal_place(row.event_id)}", row.body)
            shelf = Shelf(db, vault, name)
            assert all(shelf.one(one.position).body for one in shelf.listed())
    with alone["intake"].database.reading(Scope("dorset", Actor("a"), "t")) as tx:
        assert tx.tools.files.open(tx, file_id).content == PDF
    alone.close()
