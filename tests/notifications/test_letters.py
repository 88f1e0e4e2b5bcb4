"""Letters: their words and their PDF."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.notifications.actions import letters
from services.notifications.actions import notices as actions
from services.notifications.actions.notices import Seen
from services.notifications.domain.content import complete
from services.notifications.domain.facts import ContactKnown
from services.notifications.domain.items import ITEMS, Material
from services.notifications.domain.letter import INVENTED, Letter, Sender, Stationery, as_text, write_letter
from services.notifications.domain.rule import rules_from
from shared.vocabulary import Decision
from tests import judge
from tests.notifications.bureau import Bureau, words_of
from tests.notifications.scenes import (
    CONTACT,
    OPENED,
    REFERENCE,
    a_notice,
)

RULES = {rule.id: rule for rule in rules_from()}


def test_the_pdf_is_tagged_titled_and_in_english(nursery: Bureau):
    with nursery.as_() as tx:
        made = letters.as_pdf(letters.draft(tx, nursery.notice("N10")).letter, tx.now)
        again = letters.as_pdf(letters.draft(tx, nursery.notice("N10")).letter, tx.now)
    assert made == again
    document = PdfReader(io.BytesIO(made))
    assert "'/Marked': True" in str(document.root_object["/MarkInfo"])
    assert str(document.root_object["/Lang"]) == "en-GB"
    assert document.metadata is not None
    assert document.metadata.title == RULES["N10"].title


@pytest.mark.servers
@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_an_independent_judge_passes_the_letter(nursery: Bureau, profile: str, tmp_path: Path):
    paths = [tmp_path / f"{rule}.pdf" for rule in ("N10", "N15")]
    with nursery.as_() as tx:
        for path in paths:
            letter = letters.draft(tx, nursery.notice(path.stem)).letter
            path.write_bytes(letters.as_pdf(letter, tx.now))
    judge.passed(profile, paths)


def test_hostile_words_stay_words_in_the_pdf(nursery: Bureau):
    hostile = '#import "secrets.typ" \\ $x$ *b* <a> "quoted" ☂ Ωmega'
    with nursery.as_() as tx:
        notice = nursery.notice("N10")
        actions.write_content(tx, Seen(notice.id, notice.version), {"action_taken": hostile})
    with nursery.as_() as tx:
        text = words_of(letters.as_pdf(letters.draft(tx, nursery.notice("N10")).letter, tx.now))
    assert '#import "secrets.typ"' in text
    assert "*b* <a>" in text


def test_nothing_is_invented_on_real_paper():
    contact = ContactKnown(
        contact_id=CONTACT, reference=REFERENCE, received_at=OPENED, decision=Decision.TRANSFER
    )
    content = complete(
        RULES["N28"], Material("", contact=contact), {"advice": "Ring them.", "reasons": "It is theirs."}
    )
    notice = a_notice()

    def written(route: str, *, invented: bool) -> Letter:
        sender = Sender("Dorset", route, Stationery(invented))
        return write_letter(notice, RULES["N10"], content, sender, "Ofsted", OPENED.date())

    real = written("01632 960001", invented=False)
    assert real.invented == ""
    assert INVENTED not in as_text(real)
    assert INVENTED in as_text(written("", invented=True))
    assert "01632 960001" in real.cover


def test_the_letter_says_whose_duty_it_is_and_whether_they_were_advised(nursery: Bureau):
    with nursery.as_() as tx:
        before = as_text(letters.draft(tx, nursery.notice("N10")).letter)
        notice = nursery.notice("N10")
        actions.advise(tx, Seen(notice.id, notice.version), "Told them.")
    assert "lies with the registered provider" in before
    assert "has advised them" not in before
    with nursery.as_() as tx:
        after = as_text(letters.draft(tx, nursery.notice("N10")).letter)
        own = as_text(letters.draft(tx, nursery.notice("N15")).letter)
    assert "has advised them" in after
    assert "matter of good practice" in own
    assert "Not known when this was written: What keeps children safe now" in own


def test_every_item_of_every_content_list_is_known_and_has_a_label():
    for rule in RULES.values():
        assert set(rule.content) <= set(ITEMS)
        assert all(ITEMS[item][0] for item in rule.content)


def test_without_a_case_every_item_is_missing_and_none_is_made_up():
    for rule in RULES.values():
        content = complete(rule, Material("nobody"), {})
        assert {line.item for line in content.missing} == rule.required
        assert content.percent == 0
