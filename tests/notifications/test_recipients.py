"""Who vouches for the address of a body, and what of it is told."""

import pytest

from services.notifications.actions import recipients
from services.notifications.store import recipients as directory
from shared.contracts.notifications import RecipientChanged
from shared.errors import Conflict, Invalid, NotFound
from tests.notifications.bureau import MANAGER, Bureau


def test_who_vouched_for_an_address_and_who_took_it_back_is_told_without_the_address(bureau: Bureau):
    bureau.vouch("dbs")
    with bureau.as_(MANAGER) as tx:
        recipients.unconfirm_recipient(tx, "dbs", 1)
    said = bureau.published(RecipientChanged)
    assert [(one.kind, one.confirmed, one.reason) for one in said] == [
        ("dbs", True, "Their own site"), ("dbs", False, ""),
    ]  # fmt: skip
    assert "@" not in str(said)


def test_an_address_is_vouched_for_with_a_name_and_one_real_address(bureau: Bureau):
    with bureau.as_(MANAGER) as tx:
        for name, email in [
            ("", "a@body.example"),
            ("Body", "nonsense"),
            ("Body", "a@body.example, b@body.example"),
        ]:
            with pytest.raises(Invalid):
                recipients.confirm_recipient(tx, "dbs", 0, name, email, "Their own site")
        recipients.confirm_recipient(tx, "dbs", 0, "Body", "a@body.example", "Their own site")
        with pytest.raises(Conflict):
            recipients.confirm_recipient(tx, "dbs", 0, "Body", "c@body.example", "Their own site")
        for nowhere in ("", "  "):
            with pytest.raises(Invalid, match="where the address is from"):
                recipients.confirm_recipient(tx, "cqc", 0, "Body", "a@body.example", nowhere)
        with pytest.raises(NotFound):
            recipients.confirm_recipient(tx, "moon", 0, "Body", "a@body.example", "Their own site")
    with bureau.as_(authority="wiltshire") as tx:
        assert not directory.get(tx, "dbs").confirmed
