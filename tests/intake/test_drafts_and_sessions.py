"""Unfinished reports, codes to come back, sessions, accounts: the rules without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st

from services.intake.domain import (
    draft,
    session,
)
from services.intake.domain.draft import Draft, DraftState, ReturnCode
from services.intake.domain.region import AuthorityRecord, check_authority, closures_from
from services.intake.domain.session import Limits, Session
from shared.errors import Conflict, Invalid, Refused
from shared.vocabulary import Criterion, Role
from tests.intake.builders import a_user

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CRITERIA = [one.value for one in Criterion]
moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def a_draft(**differs: object) -> Draft:
    given: dict[str, object] = {
        "id": "d-1",
        "reference": "DOR-2026-7KQ4XM",
        "state": DraftState.OPEN,
        "started_at": NOW,
        "saved_at": NOW,
        "expires_at": NOW + timedelta(days=30),
        "answers": {},
    }
    return Draft(**{**given, **differs})  # type: ignore[arg-type]


def test_saving_a_draft_keeps_it_longer():
    later = NOW + timedelta(days=10)
    kept = draft.save(a_draft(), "you", {"agency": "POLICE"}, later, timedelta(days=30))
    assert kept.expires_at == later + timedelta(days=30)
    assert kept.answers == {"you": {"agency": "POLICE"}}


def test_a_draft_that_was_sent_or_is_too_long_is_refused():
    with pytest.raises(Refused):
        draft.save(a_draft(state=DraftState.SENT), "you", {}, NOW, timedelta())
    with pytest.raises(Refused):
        draft.save(
            a_draft(),
            "events",
            [{"narrative": "x" * draft.LARGEST, "ticked": ["yes"], "n": 1}],
            NOW,
            timedelta(),
        )


def test_items_are_added_changed_and_removed_by_their_id():
    one = a_draft(answers={"adults": [{"id": "1", "given": "A"}, {"id": "2"}]})
    assert draft.with_item(one, "adults", {"id": "2", "given": "B"})[1] == {"id": "2", "given": "B"}
    assert len(draft.with_item(one, "adults", {"id": "3"})) == 3
    assert [item["id"] for item in draft.without_item(one, "adults", "1")] == ["2"]
    assert draft.item_of(one, "adults", "1") == {"id": "1", "given": "A"}
    assert draft.item_of(one, "adults", "9") is None


def test_what_was_sent_keeps_no_answers():
    gone = draft.become(a_draft(answers={"you": {"surname": "Quill"}}), "c-1", NOW, "head@oakfield.example")
    assert (gone.answers, gone.contact_id, gone.email) == ({}, "c-1", "head@oakfield.example")
    with pytest.raises(Conflict):
        draft.expect(a_draft(version=2), 1)
    assert draft.expect(a_draft(), 1)


def test_a_code_by_e_mail_works_half_an_hour_and_five_tries():
    code = ReturnCode(draft_id="d", code_hash="h", sent_at=NOW)
    assert code.usable(NOW + timedelta(minutes=30))
    assert not code.usable(NOW + timedelta(minutes=31))
    for _ in range(5):
        assert code.usable(NOW)
        code = code.missed(NOW)
    assert not code.usable(NOW)


def test_a_lasting_code_rests_after_five_tries():
    code = ReturnCode(draft_id="d", code_hash="h", sent_at=NOW, lasting=True)
    assert code.usable(NOW + timedelta(days=20))
    for _ in range(5):
        code = code.missed(NOW)
    assert not code.usable(NOW + timedelta(minutes=30))
    after = NOW + timedelta(minutes=31)
    assert code.usable(after)
    assert code.missed(after).tries == 1


def test_a_session_ends_idle_and_in_any_case():
    limits = Limits(timedelta(minutes=15), timedelta(hours=10))
    one = Session(id="s", user_id="u", started_at=NOW, seen_at=NOW)
    seen = session.renew(one, limits, NOW + timedelta(minutes=15))
    assert seen.seen_at == NOW + timedelta(minutes=15)
    for late in (timedelta(minutes=16), timedelta(hours=11)):
        with pytest.raises(Refused):
            session.renew(one, limits, NOW + late)
    with pytest.raises(Refused):
        session.renew(replace(one, ended_at=NOW), limits, NOW)
    busy = replace(one, seen_at=NOW + timedelta(hours=10))
    assert not busy.alive(limits, NOW + timedelta(hours=10, minutes=1))
    assert session.proved(one, NOW).step_up_at == NOW


def test_an_account_is_complete():
    session.check_user(a_user())
    for lacking in (a_user(display_name=" "), a_user(email="nowhere"), replace(a_user(), roles=frozenset())):
        with pytest.raises(Invalid):
            session.check_user(lacking)
    with pytest.raises(Invalid):
        session.check_user(a_user(Role.OPERATOR, Role.OFFICER))
    assert session.roles_of(["officer"]) == {Role.OFFICER}
    with pytest.raises(Invalid):
        session.roles_of(["king"])


def test_an_authority_s_record_is_complete():
    check_authority("dorset", AuthorityRecord(display_name="Dorset Council"))
    for code, record in (
        ("Dorset!", AuthorityRecord(display_name="Dorset")),
        ("dorset", AuthorityRecord(display_name="")),
        ("dorset", AuthorityRecord(display_name="Dorset", theme="url(x)")),
    ):
        with pytest.raises(Invalid):
            check_authority(code, record)


def test_closures_are_dates():
    assert closures_from(["2026-12-29", "", " 28/12/2026 ", "29 December 2026"]) == [
        "2026-12-28",
        "2026-12-29",
    ]
    assert closures_from(["31 Dec 2026 to 1 January 2027"]) == ["2026-12-31", "2027-01-01"]
    for wrong in ("2 March 2026 to 1 March 2026", "1 March 2026 to 1 March 2027", "30 February 2026"):
        with pytest.raises(Invalid):
            closures_from([wrong])
    with pytest.raises(Invalid):
        closures_from(["Christmas"])
