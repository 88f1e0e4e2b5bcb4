"""The doctor names each fault that is planted, and what to do about it."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

import services
from shared import doctor
from shared.actor import Actor, Scope
from shared.contracts.intake import ContactUnrestricted
from shared.doctor import Finding
from shared.mail.carriers import open_carrier
from shared.messaging.ports import Message
from shared.messaging.worker import Worker
from shared.region import Region, Stepper, open_region
from shared.rehearsal import Rehearsal
from shared.settings import from_environment
from shared.store.engine import bind
from shared.store.tables import audit_entry
from shared.vitals import HEARD, Vitals

LOADED = [services.load(name) for name in services.NAMES]


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    """A small region at rest, found by the doctor through the environment."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    settings = from_environment()
    made = open_region(settings, LOADED, open_carrier(settings))
    Rehearsal(made, None).turn()
    stepper = Stepper(made)
    stepper.settle()
    stepper.close()
    yield made
    made.close()


def ill() -> list[Finding]:
    return [one for one in doctor.examine(LOADED) if not one.well]


def only_fault() -> Finding:
    (found,) = ill()
    return found


def test_a_region_at_rest_is_well(region: Region):
    assert ill() == []


def test_a_setting_that_does_not_exist_is_named(region: Region, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_BUS_ADDRESS", "x")
    assert "HEED_BUS_ADDRESS" in only_fault().says


def test_missing_tables_are_named_with_the_command_that_makes_them(region: Region):
    with region["search"].database.engine.begin() as db:
        db.exec_driver_sql("DROP TABLE match_key")
    fault = only_fault()
    assert fault.what == "search database"
    assert "heed migrate search" in fault.says


def test_a_folder_that_cannot_be_written_is_named(
    region: Region, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    monkeypatch.setenv("HEED_MAIL_URL", f"file://{blocker}/mail")
    assert "mail folder" in only_fault().says


def test_a_mail_server_that_does_not_answer_is_named(region: Region, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_MAIL_URL", "smtp://127.0.0.1:9")
    assert only_fault().what == "mail"


def test_missing_topics_are_named(region: Region, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HEED_BUS_URL", f"sqlite:///{tmp_path}/other-bus.db")
    assert "topics are missing" in only_fault().says


def test_a_dead_letter_is_named_with_the_command_that_shows_it(region: Region):
    region.log.append([Message("heed.intake.contact", "k", b"not an envelope")])
    Stepper(region).settle(pumps=False)
    faults = ill()
    assert {one.what for one in faults} >= {"casework waiting records", "search waiting records"}
    assert all("heed dead-letters --service" in one.says for one in faults)


def test_an_outbox_that_nobody_empties_is_named(region: Region):
    clock = region["intake"].clock
    scope = Scope("dorset", Actor("a"), "t")
    with region["intake"].database.transaction(scope) as tx:
        tx.recorded_at = clock() - timedelta(minutes=5)
        tx.publish(ContactUnrestricted(contact_id="c"))
    fault = only_fault()
    assert fault.what == "intake outbox"
    assert "heed worker intake" in fault.says


def test_an_altered_audit_link_is_found_by_its_number(region: Region):
    with region["intake"].database.engine.begin() as db:
        bind(db, "dorset")
        tampered = update(audit_entry).where(audit_entry.c.authority == "dorset", audit_entry.c.number == 3)
        db.execute(tampered.values(actor="somebody-else"))
    fault = only_fault()
    assert fault.what == "intake audit"
    assert "link 3" in fault.says


def test_the_wrong_key_is_named(region: Region, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_SECRET_KEYS", os.urandom(32).hex())
    faults = ill()
    assert faults
    assert all("HEED_SECRET_KEYS" in one.says or "key" in one.says for one in faults)


def test_a_broken_part_hides_no_other(region: Region, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_MAIL_URL", "smtp://127.0.0.1:9")
    with region["search"].database.engine.begin() as db:
        db.exec_driver_sql("DROP TABLE match_key")
    assert [one.what for one in ill()] == ["mail", "search database"]


def test_tables_of_an_earlier_build_are_named(region: Region):
    with region["casework"].database.engine.begin() as db:
        db.exec_driver_sql("DELETE FROM alembic_version WHERE version_num LIKE 'casework%'")
    fault = only_fault()
    assert fault.what == "casework database"
    assert "heed migrate casework" in fault.says


def test_a_clock_that_is_behind_what_was_recorded_is_named(region: Region):
    scope = Scope("dorset", Actor("a"), "t")
    with region["intake"].database.transaction(scope) as tx:
        tx.recorded_at = region["intake"].clock() + timedelta(minutes=5)
        tx.publish(ContactUnrestricted(contact_id="c"))
    settle(region)
    fault = only_fault()
    assert fault.what == "intake clock"
    assert "NTP" in fault.says


def test_a_worker_that_fell_silent_is_named(region: Region):
    sign = region["search"].settings.data / "search.alive"
    sign.touch()
    assert ill() == []
    os.utime(sign, (0, 0))
    fault = only_fault()
    assert fault.what == "search worker"
    assert "heed worker search" in fault.says


def all_heard(region: Region, ago: timedelta) -> None:
    """A worker of each service, wherever it was, had heard everything by then."""
    for one in region.runtimes.values():
        elsewhere = Vitals(one.clock)
        elsewhere.note(HEARD, one.clock() - ago)
        elsewhere.keep(one.database)


def test_facts_that_nobody_hears_are_named(region: Region):
    all_heard(region, timedelta(minutes=2))
    region.log.append([Message("heed.intake.contact", "k", b"not heard of yet")])
    faults = ill()
    assert {one.what for one in faults} == {f"{name} worker" for name in services.NAMES}
    assert all("heed worker" in one.says for one in faults)


def test_facts_that_a_worker_on_another_machine_is_about_to_hear_are_no_fault(region: Region):
    all_heard(region, timedelta(seconds=5))
    region.log.append([Message("heed.intake.contact", "k", b"not heard of yet")])
    assert ill() == []


def test_a_worker_that_ends_in_good_order_leaves_no_sign(region: Region):
    worker = Worker(region["search"])
    worker.stop()
    (region["search"].settings.data / "search.alive").touch()
    worker.run()
    assert not (region["search"].settings.data / "search.alive").exists()


def test_a_bus_that_cannot_be_opened_is_named(
    region: Region, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("HEED_BUS_URL", f"sqlite:///{tmp_path}/file/bus.db")
    assert ill()[0].what == "bus"


def test_an_index_that_does_not_answer_is_named(region: Region, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_INDEX_URL", "http://127.0.0.1:9")
    assert only_fault().what == "search outside"


def test_a_disk_without_room_is_named(region: Region, monkeypatch: pytest.MonkeyPatch):
    # The one folder of every Linux that reports no free byte.
    monkeypatch.setenv("HEED_SECRET_KEYS", os.urandom(32).hex())
    monkeypatch.setenv("HEED_DATA", "/proc")
    found = {one.what: one.says for one in ill()}
    assert "0 MB are free" in found["disk"]


def settle(region: Region) -> None:
    """Until nothing moves."""
    stepper = Stepper(region)
    stepper.settle()
    stepper.close()


def test_no_sentence_of_the_doctor_holds_a_secret(region: Region, monkeypatch: pytest.MonkeyPatch):
    secret = "smtps://user:hunter2canary@nowhere.example:9"
    monkeypatch.setenv("HEED_MAIL_URL", secret)
    assert all("hunter2canary" not in one.says for one in doctor.examine(LOADED))
