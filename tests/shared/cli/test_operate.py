"""Operations from the command line: one document or plain lines out, one sentence when something is wrong."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

import services
from shared.cli import Sentences, load_services, operate, run, service_named
from shared.contracts.message import decode
from shared.contracts.platform import AccessRecorded
from shared.errors import Misconfigured
from shared.mail.carriers import open_carrier
from shared.messaging.ports import Message
from shared.region import Region, Stepper, open_region
from shared.rehearsal import Rehearsal
from shared.settings import from_environment
from shared.store.engine import bind
from shared.store.publication import journal_place
from shared.store.tables import audit_entry, journal

AUTHORITIES = 4
BECAUSE = ("--reason", "The supplier mended it")


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Region]:
    """A small region at rest, which the commands find through the environment."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    settings = from_environment()
    made = open_region(settings, load_services(), open_carrier(settings))
    Rehearsal(made, None).turn()
    settle(made)
    yield made
    made.close()


def settle(region: Region) -> None:
    stepper = Stepper(region)
    stepper.settle()
    stepper.close()


def heed(*arguments: str) -> Result:
    group = Sentences("heed", commands=list(_commands()))
    return CliRunner().invoke(group, list(arguments))


def _commands() -> Sequence[click.Command]:
    return (*run.COMMANDS, *operate.COMMANDS)


def document(*arguments: str) -> list[dict[str, object]]:
    found = heed(*arguments, "--format", "json")
    assert found.exit_code == 0, found.output
    return list(json.loads(found.stdout))


def sentence(found: Result, code: int) -> str:
    """The one line on standard error with which a command failed."""
    assert found.exit_code == code, found.output
    lines = found.stderr.splitlines()
    assert len(lines) == 1, found.stderr
    assert lines[0].startswith("heed: ")
    assert "Traceback" not in found.output
    return lines[0]


def break_a_record(region: Region) -> None:
    region.log.append([Message("heed.casework.case", "k", b"Zoe Canary")])
    settle(region)


def test_where_nothing_waits_the_list_says_so(region: Region):
    assert heed("dead-letters").stdout == "0 waiting\n"
    assert document("dead-letters") == []


def test_dead_letters_are_listed_with_service_number_and_reason(region: Region):
    break_a_record(region)
    found = document("dead-letters", "--service", "search")
    assert [(one["service"], one["state"]) for one in found] == [("search", "refused")]
    assert "Envelope" in str(found[0]["reason"])
    lines = heed("dead-letters", "--service", "search").stdout.splitlines()
    assert lines[0].startswith(f"search {found[0]['position']}  refused")
    assert lines[-1] == "1 waiting"


def test_no_list_shows_what_a_record_holds(region: Region):
    break_a_record(region)
    assert "Canary" not in heed("dead-letters").output + heed("dead-letters", "--format", "json").output


def test_a_state_can_be_asked_for(region: Region):
    break_a_record(region)
    assert document("dead-letters", "--state", "parked") == []
    assert document("dead-letters", "--state", "refused") != []


def test_a_skipped_record_waits_no_longer(region: Region):
    break_a_record(region)
    position = str(document("dead-letters", "--service", "search")[0]["position"])
    assert (
        heed("replay", "search", position, "--skip", *BECAUSE).stdout
        == "skipped; what it held back goes on\n"
    )
    assert document("dead-letters", "--service", "search") == []


def test_the_audit_keeps_who_dealt_with_a_record_and_why(region: Region):
    break_a_record(region)
    position = str(document("dead-letters", "--service", "search")[0]["position"])
    heed("replay", "search", position, *BECAUSE)
    heed("replay", "search", position, "--skip", *BECAUSE)
    database = region["search"].database
    with database.plumbing(writing=False) as db:
        rows = db.execute(select(journal).order_by(journal.c.position)).all()
    places = [(row, f"search/{journal_place(row.event_id)}") for row in rows]
    said = [decode(database.tools.vault.open(row.authority, place, row.body)) for row, place in places]
    kept = [one.event() for one in said if one.actor == "system:command-line"]
    assert [(one.act, one.reason) for one in kept if isinstance(one, AccessRecorded)] == [
        ("replay", BECAUSE[1]),
        ("skip", BECAUSE[1]),
    ]


def test_nothing_is_replayed_without_a_reason(region: Region):
    break_a_record(region)
    position = str(document("dead-letters", "--service", "search")[0]["position"])
    assert heed("replay", "search", position, "--skip").exit_code == 2
    assert "Give a reason" in sentence(heed("replay", "search", position, "--skip", "--reason", "ok"), 1)
    assert len(document("dead-letters", "--service", "search")) == 1


def test_what_never_was_a_record_cannot_be_replayed(region: Region):
    break_a_record(region)
    position = str(document("dead-letters", "--service", "search")[0]["position"])
    assert "skip it with a reason" in sentence(heed("replay", "search", position, *BECAUSE), 1)


def test_a_number_that_does_not_wait_is_one_sentence(region: Region):
    assert "no waiting record" in sentence(heed("replay", "search", "4711", *BECAUSE), 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("replay", "payroll", "1", *BECAUSE),
        ("dead-letters", "--service", "payroll"),
        ("audit", "verify", "--service", "payroll"),
    ],
)
def test_a_service_that_does_not_exist_is_named_with_those_that_do(
    region: Region, arguments: tuple[str, ...]
):
    said = sentence(heed(*arguments), 2)
    assert all(name in said for name in services.NAMES)


def test_every_chain_is_verified_per_service_and_authority(region: Region):
    found = document("audit", "verify")
    assert len(found) == AUTHORITIES * len(services.NAMES)
    assert {one["broken_at"] for one in found} == {None}
    lines = heed("audit", "verify", "--service", "intake").stdout.splitlines()
    assert len(lines) == AUTHORITIES
    assert all(line.endswith("links, whole") for line in lines)


def test_a_broken_chain_is_named_and_the_command_fails(region: Region):
    with region["intake"].database.engine.begin() as db:
        bind(db, "dorset")
        tampered = update(audit_entry).where(audit_entry.c.authority == "dorset", audit_entry.c.number == 2)
        db.execute(tampered.values(subject="altered"))
    found = heed("audit", "verify", "--service", "intake")
    assert "dorset: 1 links, BROKEN at link 2" in found.stdout
    assert "keep the database as it is" in sentence(found, 1)


def test_a_verdict_in_json_is_one_document_even_when_it_fails(region: Region):
    with region["intake"].database.engine.begin() as db:
        bind(db, "dorset")
        tampered = update(audit_entry).where(audit_entry.c.authority == "dorset", audit_entry.c.number == 2)
        db.execute(tampered.values(subject="altered"))
    found = heed("audit", "verify", "--service", "intake", "--format", "json")
    assert found.exit_code == 1
    broken = [one for one in json.loads(found.stdout) if one["broken_at"]]
    assert [(one["authority"], one["broken_at"]) for one in broken] == [("dorset", 2)]


@pytest.mark.parametrize("service", ["search", "reporting"])
def test_a_read_model_is_rebuilt_and_says_from_how_much(region: Region, service: str):
    found = heed("rebuild", service)
    assert found.exit_code == 0, found.output
    last = found.stdout.splitlines()[-1]
    assert last.startswith(f"{service}: ")
    assert last.endswith(" facts")
    assert heed("audit", "verify").exit_code == 0


def test_only_a_read_model_can_be_rebuilt(region: Region):
    found = heed("rebuild", "intake")
    assert found.exit_code == 2
    assert "intake" in found.stderr


def test_the_doctor_finds_a_region_at_rest_well(region: Region):
    assert all(one["well"] for one in document("doctor"))
    lines = heed("doctor").stdout.splitlines()
    assert lines
    assert all(line.startswith("ok  ") for line in lines)


def test_the_doctor_fails_when_something_is_wrong_and_its_document_says_what(
    region: Region, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HEED_MAIL_URL", "smtp://127.0.0.1:9")
    found = heed("doctor", "--format", "json")
    assert found.exit_code == 1
    assert [one["what"] for one in json.loads(found.stdout) if not one["well"]] == ["mail"]
    assert "FAIL  mail: " in heed("doctor").stdout


@pytest.mark.parametrize("command", [("dead-letters",), ("audit", "verify"), ("migrate",)])
def test_settings_that_cannot_work_end_with_code_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
):
    monkeypatch.setenv("HEED_DATA", str(tmp_path))
    monkeypatch.setenv("HEED_NO_SUCH_SETTING", "hunter2")
    said = sentence(heed(*command), 2)
    assert "HEED_NO_SUCH_SETTING" in said
    assert "hunter2" not in said


def test_a_new_folder_is_made_ready_and_again_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "new"))
    for _ in range(2):
        found = heed("migrate", "search")
        assert found.exit_code == 0, found.output
        assert found.stdout.splitlines()[-1] == "topics: present"


def test_a_service_is_found_by_its_name_only():
    assert service_named("search").name == "search"
    with pytest.raises(Misconfigured):
        service_named("Search")
