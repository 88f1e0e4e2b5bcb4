"""What is kept: sealed words, versions, the order of lists, one authority at a time."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.notifications.domain import recipient as directory
from services.notifications.domain.dates import Dates
from services.notifications.domain.facts import CaseKnown, ContactKnown
from services.notifications.domain.notice import Notice, Standing, State
from services.notifications.store import known, notices, recipients
from services.notifications.store.notices import Wanted
from services.notifications.store.tables import metadata, notice
from shared.contracts.people import Referrer
from shared.crypto import Unreadable
from shared.errors import Conflict, NotFound
from shared.store.guard import Unscoped
from tests.notifications.bureau import MANAGER, Bureau
from tests.notifications.scenes import MARLOWE, OPENED, a_notice

DAY = date(2026, 3, 2)


def another(name: str, late_after: date, **changes: Any) -> Notice:
    values = {**vars(a_notice()), "id": name, "dates": Dates(late_after, late_after, late_after), **changes}
    return Notice(**values)


def test_a_notice_comes_back_as_it_was_kept(bureau: Bureau):
    whole = another(
        "whole", DAY, because=("One.", "Two."), answers={"born": "1984"}, advice="Told", evidence="Ref"
    )
    with bureau.as_() as tx:
        notices.add(tx, whole)
        assert notices.get(tx, "whole") == whole


def test_nothing_personal_lies_open_and_a_moved_value_does_not_open(bureau: Bureau):
    with bureau.as_() as tx:
        notices.add(tx, another("one", DAY, advice="Odette was removed", because=("Because of Odette",)))
        row = tx.db.execute(select(notice).where(notice.c.authority == tx.authority)).mappings().one()
        assert b"Odette" not in repr(dict(row)).encode()
        with pytest.raises(Unreadable):
            tx.open("notice/two/body", row["body"])


def test_two_who_save_the_same_version_conflict(bureau: Bureau):
    with bureau.as_() as tx:
        notices.add(tx, another("one", DAY))
        first = notices.get(tx, "one")
        assert notices.save(tx, first).version == 2
        with pytest.raises(Conflict):
            notices.save(tx, first)


def test_lists_are_sorted_by_pressure_and_leave_the_words_sealed(bureau: Bureau):
    days = {
        "late": DAY - timedelta(days=1),
        "today": DAY,
        "soon": DAY + timedelta(days=3),
        "far": DAY + timedelta(days=40),
    }
    with bureau.as_() as tx:
        for name, day in days.items():
            notices.add(tx, another(name, day, advice="words"))
        notices.add(tx, another("history", DAY - timedelta(days=9), standing=Standing.HISTORIC))
        notices.add(tx, another("doubtful", DAY - timedelta(days=9), standing=Standing.TO_CONFIRM))
        notices.add(tx, another("sent", DAY - timedelta(days=9), state=State.SENT))
        notices.add(tx, another("unclear", DAY, state=State.UNCERTAIN, uncertain_since=OPENED))
        assert [one.id for one in notices.list_overdue(tx, DAY, 50)] == ["late"]
        assert [one.id for one in notices.list_to_confirm(tx, 50)] == ["doubtful"]
        assert [one.id for one in notices.list_some(tx, Wanted(late=True), DAY, offset=0, limit=9)] == [
            "late"
        ]
        assert [one.id for one in notices.list_due(tx, DAY, 50)] == ["today"]
        assert [one.id for one in notices.list_coming(tx, DAY, DAY + timedelta(days=14), 50)] == ["soon"]
        assert [one.id for one in notices.list_uncertain(tx, 50)] == ["unclear"]
        assert notices.unwarned(tx, DAY, 50) == ["late"]
        page = notices.list_some(tx, Wanted(), DAY, offset=3, limit=3)
        assert [one.id for one in page] == ["late", "today", "unclear"]
        assert page[0].advice == ""
        assert notices.count(tx, Wanted(), DAY) == 8
        assert notices.count(tx, Wanted(state="due", late=True), DAY) == 1


def test_a_percent_sign_in_a_filter_is_only_a_percent_sign(bureau: Bureau):
    with bureau.as_() as tx:
        notices.add(tx, another("one", DAY))
        assert notices.count(tx, Wanted(reference="%"), DAY) == 0
        assert notices.count(tx, Wanted(reference="dor"), DAY) == 1


def test_a_query_without_the_authority_is_refused_before_it_runs(bureau: Bureau):
    for table in metadata.sorted_tables:
        with bureau.as_() as tx, pytest.raises(Unscoped):
            tx.db.execute(select(table))


def test_another_authority_sees_no_row(bureau: Bureau):
    with bureau.as_() as tx:
        notices.add(tx, another("one", DAY))
        known.save_contact(tx, ContactKnown(contact_id="c", reference="D", received_at=OPENED))
    with bureau.as_(authority="wiltshire") as tx:
        assert notices.find(tx, "one") is None
        assert known.find_contact(tx, "c") is None
        with pytest.raises(NotFound):
            notices.get(tx, "one")


def test_cases_and_contacts_are_kept_whole_and_replaced(bureau: Bureau):
    case = CaseKnown(case_id="case", contact_id="c", reference="D", opened_at=OPENED, adults=(MARLOWE,))
    contact = ContactKnown(
        contact_id="c", reference="D", received_at=OPENED, referrer=Referrer(name="Imogen")
    )
    with bureau.as_() as tx:
        known.save_case(tx, case)
        known.save_case(tx, case)
        known.save_contact(tx, contact)
        assert known.find_case(tx, "case") == known.get_case(tx, "case") == case
        assert known.find_contact(tx, "c") == contact
        assert known.find_case(tx, "other") is None


def test_the_directory_ships_unconfirmed_and_keeps_what_people_confirmed(bureau: Bureau):
    with bureau.as_(MANAGER) as tx:
        assert [one.kind for one in recipients.list_all(tx)] == [one.kind for one in directory.shipped()]
        assert not any(one.confirmed for one in recipients.list_all(tx))
        assert all(one.email.endswith(".example") for one in recipients.list_all(tx))
        entry = directory.confirm(recipients.get(tx, "dbs"), "Body", "a@body.example", "Their own site")
        kept = recipients.save(tx, entry)
        assert recipients.get(tx, "dbs") == kept
        with pytest.raises(Conflict):
            recipients.save(tx, entry)
