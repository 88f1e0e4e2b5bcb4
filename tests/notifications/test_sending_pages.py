"""The pages of a letter that did not simply arrive."""

from services.notifications.store import notices as store
from shared.contracts.intake import ContactRestricted
from shared.vocabulary import Role
from tests.notifications.bureau import Bureau
from tests.notifications.scenes import CASE, CONTACT
from tests.page_client import PageClient
from tests.shared.mail.server import Post

ALL = "/notifications/notices"


def path(bureau: Bureau, rule: str, act: str = "") -> str:
    return f"{ALL}/{bureau.notice(rule).id}{act}"


def interrupted(bureau: Bureau, post: Post) -> PageClient:
    """An officer in front of a letter whose sending broke off."""
    browser = PageClient(bureau).as_(Role.OFFICER)
    post.data = "kept-drop"
    browser.get(path(bureau, "N10", "/send"))
    browser.submit({"although_incomplete": "yes"})
    bureau.settle()
    return browser


def test_an_interrupted_letter_waits_on_the_front_page_for_somebody_to_find_out(posting: Bureau, post: Post):
    browser = interrupted(posting, post)
    assert len(browser.get("/notifications/").rows("Uncertain whether sent")) == 1
    page = browser.get(path(posting, "N10"))
    assert "may or may not have left" in page.text
    assert "Send by e-mail" not in page.links
    browser.click("Say whether it was sent")
    assert browser.submit({}, status=422).errors == ["Choose whether it was sent.", "Say how you found out."]
    page = browser.submit({"left": "yes", "evidence": "They rang to say that they have it."})
    assert "They rang to say that they have it." in page.text
    assert "Left" in [row[1] for row in page.rows("Letters by e-mail")]


def test_a_letter_that_did_not_leave_can_be_sent_again(posting: Bureau, post: Post):
    browser = interrupted(posting, post)
    browser.get(path(posting, "N10", "/resolve"))
    assert "Send by e-mail" in browser.submit({"left": "no", "evidence": "Not in their mailbox."}).links


def test_a_bounced_letter_shows_the_servers_refusal(posting: Bureau, post: Post):
    post.rcpt = "550 no such mailbox"
    browser = PageClient(posting).as_(Role.OFFICER)
    browser.get(path(posting, "N10", "/send"))
    browser.submit({"although_incomplete": "yes"})
    posting.settle()
    page = browser.get(path(posting, "N10"))
    assert page.rows("Letters by e-mail")[0][1] == "Refused by the mail server"
    assert "Send by e-mail" in page.links


def test_the_document_of_a_sent_letter_is_the_one_that_left(posting: Bureau, post: Post):
    browser = PageClient(posting).as_(Role.OFFICER)
    browser.get(path(posting, "N10", "/send"))
    browser.submit({"although_incomplete": "yes"})
    posting.settle()
    (mail,) = post.mails
    (attached,) = mail.iter_attachments()
    assert browser.get(path(posting, "N10", "/letter.pdf")).body == attached.get_content()


def test_no_form_changes_what_is_closed_to_its_sender(nursery: Bureau, browser: PageClient):
    answers = {
        "version": "1",
        "advice": "x",
        "method": "post",
        "evidence": "x",
        "reason": "x",
        "although_incomplete": "yes",
    }
    when = {"sent_at-day": "1", "sent_at-month": "3", "sent_at-year": "2026", "sent_at-time": "9:00"}
    addresses = [
        path(nursery, "N10", act)
        for act in ("/advise", "/send", "/by-hand", "/decline", "/confirm", "/content")
    ]
    nursery.say(ContactRestricted(contact_id=CONTACT, only=("somebody-else",)))
    for address in addresses:
        browser.post(address, {**answers, **when}, status=404)
    with nursery.as_() as tx:
        (kept,) = [one for one in store.of_case(tx, CASE).values() if one.rule == "N10"]
    assert kept.version == 1
