"""How a region begins: authorities and first accounts from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import services
from services.intake.commands import opening
from shared import replicas
from shared.cli import Sentences
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.intake.conftest import House
from tests.platform import SetClock

DORSET = ("authority", "add", "dorset", "Dorset Council")
PETRA = ("--email", "petra.lane@dorset.example")
ADMINISTRATOR = (
    *("user", "add", "--authority", "dorset", "--role", "administrator", "--name", "Petra Lane"),
    *PETRA,
)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SetClock) -> Iterator[House]:
    """A region in which nobody is yet, found by the commands through the environment."""
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    made = House(from_environment(), clock)
    yield made
    made.close()


def heed(*arguments: str) -> Result:
    return CliRunner().invoke(Sentences("heed", commands=list(opening.COMMANDS)), list(arguments))


def document(*arguments: str) -> Any:
    found = heed(*arguments, "--format", "json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def refusal(*arguments: str, code: int = 1) -> str:
    found = heed(*arguments)
    assert found.exit_code == code, found.output
    assert "Traceback" not in found.output
    return found.stderr.splitlines()[-1]


def test_an_authority_and_its_first_administrator_are_opened_and_told_to_everybody(empty: House):
    assert document(*DORSET, "--pooled", "--phone", "01632 960100")["changed"]
    account = document(*ADMINISTRATOR)
    assert account["roles"] == ["administrator"]
    told = empty.envelopes("intake")
    assert [one.type for one in told] == ["configuration.changed", "user.changed"]
    assert {one.actor for one in told} == {"system:command-line"}
    with empty["intake"].database.reading(empty["intake"].system("dorset")) as tx:
        found = replicas.user(tx, account["id"])
        assert found
        assert found.roles == {Role.ADMINISTRATOR}
        assert replicas.authority(tx, "dorset").pooled


def test_asked_twice_nothing_changes_and_nothing_is_told(empty: House):
    heed(*DORSET)
    first = document(*ADMINISTRATOR)
    before = len(empty.envelopes("intake"))
    assert heed(*DORSET).stdout == "dorset: open already; nothing changed\n"
    assert document(*ADMINISTRATOR) == {**first, "changed": False}
    assert len(empty.envelopes("intake")) == before


def test_what_is_open_is_listed(empty: House):
    assert heed("authority", "list").stdout == "0 open\n"
    heed(*DORSET)
    assert [one["code"] for one in document("authority", "list")] == ["dorset"]
    assert heed("authority", "list").stdout.splitlines()[0].split() == ["dorset", "Dorset", "Council"]


def test_an_account_is_closed_everywhere_and_opened_again(empty: House):
    heed(*DORSET)
    heed(*ADMINISTRATOR)
    closed = document("user", "close", "--authority", "dorset", *PETRA)
    assert not closed["active"]
    assert [one.everywhere for one in empty.events("session.ended")] == [True]
    assert not document("user", "close", "--authority", "dorset", *PETRA)["changed"]
    assert document(*ADMINISTRATOR) == {**closed, "active": True, "changed": True}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("authority", "add", "Dorset!", "Dorset Council"), "code: Use 2 to 40 small letters"),
        (("authority", "add", "devon", " "), "display_name: Enter the name"),
        ((*ADMINISTRATOR[:-1], "petra"), "email: Enter an e-mail address"),
        ((*ADMINISTRATOR, "--role", "operator", "--email", "q@y.example"), "operator stands alone"),
        ((*ADMINISTRATOR, "--authority", "devon"), "There is no such authority here"),
        ((*ADMINISTRATOR, "--role", "officer"), "This address has an account already"),
        ((*DORSET, "--pooled"), "This authority is open already"),
        (
            ("user", "close", "--authority", "dorset", "--email", "x@y.example"),
            "no account in that authority",
        ),
    ],
)
def test_what_does_not_hold_is_one_sentence_and_nothing_is_written(
    empty: House, arguments: tuple[str, ...], words: str
):
    heed(*DORSET)
    heed(*ADMINISTRATOR)
    before = len(empty.envelopes("intake"))
    assert words in refusal(*arguments)
    assert len(empty.envelopes("intake")) == before


def test_a_role_that_does_not_exist_is_refused_with_those_that_do(empty: House):
    assert "administrator" in refusal(*ADMINISTRATOR, "--role", "king", code=2)


def test_before_the_tables_are_made_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "nothing"))
    assert "heed migrate" in refusal("authority", "list")
    assert services.load("intake").commands()
