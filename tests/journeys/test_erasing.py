"""What was erased leaves every service, whatever was kept of it; what was corrected is right in all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.casework.actions import closure, facts, outcome
from services.casework.actions import erasing as casework
from services.casework.actions.closure import Barrier
from services.casework.domain.subject import Answers
from services.casework.store import cases, chronology
from services.intake.actions import contacts, correcting, erasing, threshold
from services.intake.actions.configuration import open_authority
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.report import Attached
from services.intake.domain.threshold import Judgement
from services.notifications.actions.notices import Seen, write_content
from services.notifications.store import known, notices
from services.notifications.store.notices import Wanted
from services.search.actions import lookbacks
from services.search.store import settings
from services.search.store.lookbacks import worklist
from shared.actor import Actor, Scope
from shared.contracts.people import Name, Setting, Work
from shared.errors import NotFound
from shared.keeping.erasure import Ground
from shared.settings import from_environment
from shared.store.transaction import Transaction
from shared.vocabulary import Decision, Role
from tests.casework.builders import HEARD, PROVED, hold
from tests.intake.builders import ADULT, a_report, an_adult
from tests.journeys.holdings import holding, said, stored, waiting
from tests.platform import Platform, SetClock
from tests.servers import Server, made_on_server
from tests.shared.files.samples import PDF

# Ids alone, which say that something was there, who looked at or erased what, and from whom that is kept.
KNOWN = {"intake.erasure", "casework.erased", "search.erased"}
CASE_KNOWN = {"casework.erasure", "casework.erased", "casework.restriction", "search.erased"}
NAME = "Quillfeather"
CHILD = replace(a_report().children[0], name="Peverell Ash", placed_by="Kestrel Council")
WORK = (Work(setting=Setting(name="Oakfield School", town="Dorchester"), role="TEACHING_ASSISTANT"),)


def test_an_erased_contact_is_gone_from_every_service(platform: Platform):
    first, second = received(platform), received(platform)
    platform.settle()
    found = {
        "search.mention", "search.match", "casework.known_contact", "notifications.contact_known",
        "intake.prior_concern",
    }  # fmt: skip
    assert found <= holding(platform, second)
    ended(platform, second)
    platform.settle()
    erase(platform, second)
    platform.settle()
    assert holding(platform, second) <= KNOWN, holding(platform, second)
    assert {"search.mention", "casework.known_contact"} <= holding(platform, first)
    kept = [one for one in platform.envelopes("intake") if one.key == second]
    assert {one.type for one in kept} == {"contact.erased"}


def test_an_erased_case_is_gone_from_every_service_with_its_contact(platform: Platform, tmp_path: Path):
    other = received(platform)
    contact_id, case_id = grown(platform)
    correct(platform, contact_id)
    close(platform, case_id)
    platform.settle()
    look_back(platform)
    found = {
        "search.mention", "search.match", "casework.case_file", "casework.subject", "casework.entry",
        "notifications.case_known", "notifications.notice", "search.restriction", "intake.restriction",
        "notifications.lookback_contact", "search.lookback_mark",
    }  # fmt: skip
    assert found <= holding(platform, contact_id, case_id)
    assert {
        "casework.subject",
        "search.mention",
        "intake.journal",
        "casework.entry",
        "notifications.notice",
    } <= (said(platform, NAME))
    files = stored(tmp_path)
    erase_case(platform, case_id)
    platform.settle()
    assert holding(platform, contact_id, case_id) == CASE_KNOWN, holding(platform, contact_id, case_id)
    assert said(platform, NAME) == said(platform, "Peverell Ash") == said(platform, "letter.pdf") == set()
    assert (stored(tmp_path), waiting(platform)) == (files - 1, 0)
    assert {"search.mention", "casework.known_contact"} <= holding(platform, other)
    told = {one.key: one.type for name in ("intake", "casework") for one in platform.envelopes(name)}
    assert (told[contact_id], told[case_id]) == ("contact.erased", "case.erased")


@pytest.mark.servers
@pytest.mark.parametrize(
    "proof",
    [
        test_an_erased_contact_is_gone_from_every_service,
        test_an_erased_case_is_gone_from_every_service_with_its_contact,
    ],
)
def test_what_is_erased_is_gone_behind_the_walls_of_a_server_too(
    tmp_path: Path, fresh_server: Server, clock: SetClock, proof: Any
):
    settings = from_environment({"HEED_DATA": str(tmp_path), **fresh_server.environment})
    made_on_server(settings)
    platform = Platform(settings, clock)
    try:
        proof(platform, *([tmp_path] if "case" in proof.__name__ else []))
    finally:
        platform.close()


def test_a_correction_reaches_the_case_its_chronology_and_the_letters(platform: Platform):
    contact_id, case_id = grown(platform)
    correct(platform, contact_id)
    child = replace(CHILD, name="Peverell Ashe")
    with act(platform, Role.OFFICER, "officer-1") as tx:
        correcting.correct_child(tx, contact_id, child, "The school spelled it wrongly.")
    platform.settle()
    with act(platform, Role.OFFICER, "officer-1", "casework") as tx:
        assert cases.get(tx, case_id).case.children == (child,)
        assert cases.get(tx, case_id).subjects[0].name == "Alma Quillfeather"
        assert "Details of an adult were put right" in [one.title for one in chronology.of_case(tx, case_id)]
    with act(platform, Role.OFFICER, "officer-1", "notifications") as tx:
        assert known.get_case(tx, case_id).children == (child,)
        assert known.get_case(tx, case_id).adults[0].names == (Name(given="Alma", surname=NAME),)
    assert "search.mention" in said(platform, NAME)


@contextmanager
def act(platform: Platform, role: Role, user: str, service: str = "intake") -> Iterator[Transaction[Any]]:
    """A transaction of Dorset as somebody."""
    scope = Scope("dorset", Actor(user, frozenset({role}), "Test person"), "test")
    with platform[service].database.transaction(scope) as tx:
        yield tx


def received(platform: Platform) -> str:
    """A contact about the same adult each time."""
    with act(platform, Role.OFFICER, "officer-1") as tx:
        return contacts.receive_contact(tx, a_report()).id


def grown(platform: Platform) -> tuple[str, str]:
    """A contact with a file about the adult, and the case that grew from it."""
    with act(platform, Role.ADMINISTRATOR, "administrator-1") as tx:
        open_authority(tx, AuthorityRecord(display_name="Dorset Council"))
    with act(platform, Role.OFFICER, "officer-1") as tx:
        ref = tx.tools.files.put(tx, name="letter.pdf", content=PDF)
        file = Attached(id=ref.id, name="letter.pdf", size=ref.size, content_type=ref.type, sha256=ref.sha256)
        report = a_report(files=(file,), children=(CHILD,), adults=(an_adult(work=WORK),))
        contact_id = contacts.receive_contact(tx, report).id
        met = Judgement(
            decision=Decision.MET, criteria=("HARM",), tier="T4", reasons="He was hurt.", decided_by=""
        )
        threshold.decide_threshold(tx, contact_id, met)
    platform.settle()
    with act(platform, Role.OFFICER, "officer-1", "casework") as tx:
        case_id = cases.find_by_contact(tx, contact_id)
    if case_id is None:
        raise NotFound("No case grew from it.")
    return contact_id, case_id


def correct(platform: Platform, contact_id: str) -> None:
    """The adult had another name."""
    right = an_adult(names=(Name(given="Alma", surname=NAME),), work=WORK)
    with act(platform, Role.OFFICER, "officer-1") as tx:
        correcting.correct_adult(tx, contact_id, right, "The employer spelled it wrongly.")


def close(platform: Platform, case_id: str) -> None:
    """Everything that a case needs, and its end."""
    with act(platform, Role.OFFICER, "officer-1", "casework") as tx:
        hold(tx, case_id)
        facts.record_adult_facts(
            tx, case_id, ADULT, Answers(regulated_activity=True, removed=True, harm_test=True)
        )
        for one in cases.get(tx, case_id).allegations:
            outcome.record_outcome(tx, case_id, one.id, PROVED)
        facts.record_childs_part(tx, case_id, HEARD)
        facts.record_support(tx, case_id, ADULT, facts.Support(support="Her union."))
        closure.restrict_case(tx, case_id, Barrier(never=("officer-7",), reason="A relative."))
        closure.close_case(tx, case_id)


def look_back(platform: Platform) -> None:
    """Nothing at the school was acted on: who placed a child there is to know, and an officer writes what."""
    platform.clock.forward(timedelta(hours=1))
    with act(platform, Role.OFFICER, "officer-1", "search") as tx:
        (one,), _ = settings.listed(tx, settings.Wanted(), 0, 50)
        lookback_id = lookbacks.open_lookback(tx, one.setting_id, "Two concerns in a month.")
        made = lookbacks.lookback_of(tx, lookback_id)
        window = lookbacks.window_of(tx, made)
        for item, _ in worklist(tx, made, window, todo=True, asked=(0, 50)):
            lookbacks.mark(tx, lookback_id, item.happening_id, actioned=False, reason=f"{NAME} stayed.")
    with act(platform, Role.MANAGER, "manager-1", "search") as tx:
        lookbacks.sign(tx, lookback_id, "Nobody had looked.")
    platform.settle()
    with act(platform, Role.OFFICER, "officer-1", "notifications") as tx:
        (told,) = notices.list_some(tx, Wanted(rule="N22"), tx.now.date(), offset=0, limit=9)
        write_content(tx, Seen(told.id, told.version), {"reasons": f"What {NAME} is said to have done."})


def ended(platform: Platform, contact_id: str) -> None:
    """It goes no further, and the referrer is to be told."""
    low = Judgement(
        decision=Decision.NOT_MET_LOW_LEVEL, criteria=(), tier="", reasons="A small thing.", decided_by=""
    )
    with act(platform, Role.OFFICER, "officer-1") as tx:
        threshold.decide_threshold(tx, contact_id, low)


def erase(platform: Platform, contact_id: str) -> None:
    """Two people agree."""
    with act(platform, Role.OFFICER, "officer-1") as tx:
        erasing.ask_erasure(tx, contact_id, Ground.DECISION, "The wrong person.")
    with act(platform, Role.MANAGER, "manager-1") as tx:
        erasing.decide_erasure(tx, contact_id, approve=True)


def erase_case(platform: Platform, case_id: str) -> None:
    """The same about a case."""
    with act(platform, Role.OFFICER, "officer-1", "casework") as tx:
        casework.ask_erasure(tx, case_id, Ground.DECISION, "A court ordered it.")
    with act(platform, Role.MANAGER, "manager-1", "casework") as tx:
        casework.decide_erasure(tx, case_id, approve=True)
