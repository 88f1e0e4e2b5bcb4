"""Who placed children at a setting is told when a look-back there leaves something outstanding."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from services.notifications.actions import sending
from services.notifications.actions.notices import Seen, record_sent_by_hand, write_content
from services.notifications.domain.notice import Method, Standing, State
from services.notifications.store.tables import lookback_contact
from shared.contracts.findings import PlacingAuthority
from shared.contracts.intake import ContactErased
from shared.contracts.message import Origin
from shared.contracts.notifications import NoticeDue, NoticeWithdrawn
from shared.contracts.search import LookbackSigned
from shared.errors import NotFound
from shared.vocabulary import Role
from tests.notifications.bureau import Bureau
from tests.page_client import PageClient

PLACED = ("Kestrel", "Wiltshire")
SIGNED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def signed(**differ: Any) -> LookbackSigned:
    """A look-back at a home that two authorities placed children at; one contact was not acted on."""
    fields: dict[str, Any] = {
        "outstanding": ("c-2",), "not_actioned": 1,
        "placing": tuple(PlacingAuthority(name=one, contact_ids=("c-1",)) for one in PLACED),
    }  # fmt: skip
    return LookbackSigned(
        lookback_id="lb-1", setting_id="s-1", reference="LB-1", display_name="Larch House", town="Poole",
        since=SIGNED_AT - timedelta(days=1096), until=SIGNED_AT, actioned=4, signed_by="manager-1",
        signed_at=SIGNED_AT, **{**fields, **differ},
    )  # fmt: skip


def test_each_authority_that_placed_a_child_is_owed_a_notice_of_its_own_once(bureau: Bureau):
    bureau.say(signed())
    bureau.say(signed())
    found = bureau.all()
    assert [(one.rule, one.recipient, one.reference) for one in found] == [
        ("N22", "placing_authority", "LB-1")
    ] * 2
    assert {one.answers["placing_authority"] for one in found} == {"Kestrel", "Wiltshire"}
    assert found[0].answers["setting"] == "Larch House, Poole"
    assert len(bureau.published(NoticeDue)) == 2


def gone(*contact_ids: str) -> list[ContactErased]:
    """These contacts are erased."""
    return [ContactErased(contact_id=one, erased_at=SIGNED_AT) for one in contact_ids]


def written(bureau: Bureau) -> None:
    """An officer writes for each authority what is outstanding."""
    for one in bureau.all():
        with bureau.as_() as tx:
            write_content(tx, Seen(one.id, one.version), {**one.answers, "reasons": "About Ms Quillfeather."})


def test_once_a_contact_is_erased_nothing_that_was_written_about_the_look_back_is_left(bureau: Bureau):
    bureau.say(signed(outstanding=("c-1", "c-2"), not_actioned=2))
    written(bureau)
    bureau.say(*gone("c-2"))
    for one in bureau.all():
        assert set(one.answers) == {"placing_authority", "setting"} and one.state is State.DUE
        assert one.because[1] == "1 contact was not acted on."
    bureau.say(*gone("c-1"))
    assert {one.state for one in bureau.all()} == {State.WITHDRAWN}
    assert len(bureau.published(NoticeWithdrawn)) == 2
    with bureau.as_() as tx:
        assert (
            tx.db.execute(select(lookback_contact).where(lookback_contact.c.authority == "dorset")).all()
            == []
        )


def test_that_an_authority_was_told_stays_after_the_erasure_but_not_what_was_said_of_it(bureau: Bureau):
    bureau.say(signed())
    one = bureau.all()[0]
    with bureau.as_() as tx:
        record_sent_by_hand(tx, Seen(one.id, one.version), Method.PHONE, "Spoke of Ms Quillfeather.", tx.now)
    bureau.say(*gone("c-2"))
    told = next(each for each in bureau.all() if each.id == one.id)
    assert (told.state, told.method, told.evidence) == (State.SENT, Method.PHONE, "")


def test_what_was_written_before_it_was_kept_what_a_look_back_rests_on_goes_with_any_erased_contact(
    bureau: Bureau,
):
    bureau.say(signed())
    written(bureau)
    with bureau.as_() as tx:
        tx.db.execute(delete(lookback_contact).where(lookback_contact.c.authority == "dorset"))
    bureau.say(*gone("c-9"))
    for one in bureau.all():
        assert set(one.answers) == {"placing_authority", "setting"} and one.state is State.DUE
        assert one.because[1] == "1 contact was not acted on."
    after = bureau.all()
    bureau.say(*gone("c-8"))
    assert bureau.all() == after


def test_an_erased_contact_that_no_look_back_rested_on_changes_no_notice(bureau: Bureau):
    bureau.say(signed())
    written(bureau)
    before = bureau.all()
    bureau.say(*gone("c-9"))
    assert bureau.all() == before


def test_nobody_is_owed_anything_when_everything_was_acted_on(bureau: Bureau):
    bureau.say(signed(outstanding=(), not_actioned=0))
    assert not bureau.all()


def test_an_authority_may_switch_the_rule_off(bureau: Bureau):
    bureau.configure("notification_rules", {"rule": {"N22": {"on": False}}})
    bureau.say(signed())
    assert not bureau.all()


def test_a_history_waits_for_a_person(bureau: Bureau):
    bureau.say(signed(), origin=Origin.IMPORT)
    assert {one.standing for one in bureau.all()} == {Standing.TO_CONFIRM}


def test_it_is_never_sent_to_one_address_for_all_but_recorded_by_hand(bureau: Bureau, browser: PageClient):
    bureau.say(signed())
    one = bureau.all()[0]
    seen = Seen(one.id, one.version)
    with bureau.as_() as tx, pytest.raises(NotFound):
        sending.send_notice(tx, seen)
    with bureau.as_() as tx:
        record_sent_by_hand(tx, seen, Method.PHONE, "Spoke to their duty officer.", tx.now)
    assert bureau.all()[0].state is State.SENT
    page = browser.as_(Role.OFFICER).get(f"/notifications/notices/{one.id}")
    assert one.answers["placing_authority"] in page.text and "Larch House" in page.text
