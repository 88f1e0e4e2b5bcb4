"""A report being written by somebody who has no account: kept, found again, sent once."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.actions.contacts import receive_contact
from services.intake.domain import answers as content
from services.intake.domain import draft as domain
from services.intake.domain.contact import Contact
from services.intake.domain.draft import Draft, DraftState
from services.intake.domain.report import Attached, Passage
from services.intake.domain.timescale import deadline_words, draft_life
from services.intake.store import contacts, drafts, rules
from shared import mail, replicas
from shared.clock import new_id
from shared.errors import Invalid, Refused
from shared.files.checks import tidy_name
from shared.service import Office
from shared.store.transaction import Transaction

MOST_FILES = 10
_AT_A_TIME = 200


def start_draft(tx: Transaction) -> Draft:
    """An empty report with its reference."""
    draft_id = new_id()
    one = Draft(
        id=draft_id,
        reference=rules.new_reference(tx, draft_id),
        state=DraftState.OPEN,
        started_at=tx.now,
        saved_at=tx.now,
        expires_at=tx.now + draft_life(),
        answers={},
    )
    drafts.add(tx, one)
    return one


def save_answers(tx: Transaction, draft_id: str, section: str, value: Mapping[str, Any]) -> Draft:
    """Put these answers among those of a section; the others stay."""
    one = drafts.get(tx, draft_id)
    return _keep(tx, one, section, {**one.answers.get(section, {}), **value})


def save_item(tx: Transaction, draft_id: str, section: str, item: Mapping[str, Any]) -> Draft:
    """Add an adult, child, role or event, or put these answers among those of the one with that id."""
    one = drafts.get(tx, draft_id)
    known = domain.item_of(one, section, item["id"]) or {}
    return _keep(tx, one, section, domain.with_item(one, section, {**known, **item}))


def remove_item(tx: Transaction, draft_id: str, section: str, item_id: str) -> Draft:
    """Take one out again."""
    one = drafts.get(tx, draft_id)
    return _keep(tx, one, section, domain.without_item(one, section, item_id))


def attach_file(tx: Transaction, draft_id: str, name: str, content: bytes) -> Draft:
    """Keep a file with the report. Raises Invalid when its kind or size is not accepted."""
    one = drafts.get(tx, draft_id)
    known = one.answers.get("files", ())
    if len(known) >= MOST_FILES:
        raise Invalid(f"A report can have {MOST_FILES} files. Take one out first, or send it later.")
    return _keep(tx, one, "files", [*known, dict(vars(keep_file(tx, name, content)))])


def keep_file(tx: Transaction, name: str, content: bytes) -> Attached:
    """A file for a report. Raises Invalid when its kind or size is not accepted."""
    ref = tx.tools.files.put(tx, name=name, content=content)
    return Attached(
        id=ref.id,
        name=tidy_name(name),
        size=ref.size,
        content_type=ref.type,
        sha256=ref.sha256,
        scan_state=ref.scan_state,
    )


def remove_file(tx: Transaction, draft_id: str, file_id: str) -> Draft:
    """Take a file out again and destroy it."""
    one = drafts.get(tx, draft_id)
    if domain.item_of(one, "files", file_id):
        tx.tools.files.remove(tx, file_id)
    return _keep(tx, one, "files", domain.without_item(one, "files", file_id))


def submit_draft(tx: Transaction, draft_id: str, passages: Sequence[Passage]) -> Contact:
    """Send the report: it becomes one contact, however often it is sent. `passages`: the answers as shown."""
    one = drafts.get(tx, draft_id)
    if one.state is DraftState.SENT:
        return _sent_before(tx, one)
    if lacking := content.missing(one.answers):
        raise Invalid("The report is not complete yet.", {name: [words] for name, words in lacking.items()})
    report = content.report(one.answers, passages, tx.now)
    contact = receive_contact(tx, report, token=one.id, reference=one.reference)
    email = one.email or one.answers.get("you", {}).get("email", "")
    # The answers now belong to the contact; two copies would be two things to erase.
    drafts.save(tx, domain.become(one, contact.id, tx.now, email))
    if email and tx.live:
        _send_receipt(tx, email, contact)
    return contact


def expire_drafts(office: Office) -> int:
    """Pump: forget reports whose day has passed and that were never sent."""
    with office.transaction() as tx:
        # Files first: once the draft is gone, nothing knows which were its own.
        due = drafts.expired(tx, _AT_A_TIME)
        for one in due:
            for item in one.answers.get("files", ()):
                tx.tools.files.remove(tx, item["id"])
        drafts.remove(tx, [one.id for one in due])
    return len(due)


def _keep(tx: Transaction, one: Draft, section: str, value: Any) -> Draft:
    return drafts.save(tx, domain.save(one, section, value, tx.now, draft_life()))


def _sent_before(tx: Transaction, one: Draft) -> Contact:
    found = contacts.find_by_token(tx, one.id)
    if found is None:
        raise Refused("This report was sent before. Telephone us if you need to add something.")
    return found


def _send_receipt(tx: Transaction, email: str, contact: Contact) -> None:
    authority = replicas.authority(tx, tx.authority)
    mail.plan(
        tx,
        to=email,
        subject=f"We have your report {contact.reference}",
        body=(
            f"Thank you for telling us. Your reference is {contact.reference}.\n\n"
            f"A designated officer will answer by {deadline_words(contact.respond_by)}.\n\n"
            "Until then do not question the child and do not tell the adult about the report.\n"
            "If a child is in danger, telephone 999.\n\n"
            f"{authority.display_name}"
        ),
        about=f"receipt/{contact.id}",
    )
