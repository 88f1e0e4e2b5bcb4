# mypy: disable-error-code="untyped-decorator"
"""The JSON side: contacts, and the acts on them as resources. Versions travel as ETags."""

from collections.abc import Iterator, Mapping
from typing import Any

import flask
import msgspec
from flask_smorest import Blueprint, abort
from marshmallow import RAISE

from services.intake.actions import advice, threshold
from services.intake.actions import contacts as acts
from services.intake.domain import codes
from services.intake.domain.contact import Contact
from services.intake.domain.permission import WHO_MAY, Act
from services.intake.domain.report import Report
from services.intake.domain.threshold import Judgement
from services.intake.store import contacts, rules
from services.intake.store.contacts import Filter
from services.intake.web.inbox import READERS
from services.intake.web.schemas import (
    AdviceIn,
    AdviceOut,
    CodeListsOut,
    ContactIn,
    ContactOut,
    ContactsOut,
    ContactsQuery,
    ContactWithReportOut,
    JudgementIn,
)  # fmt: skip
from shared.clock import new_id
from shared.store.transaction import Transaction
from shared.vocabulary import Decision
from shared.web import paging
from shared.web.access import Restriction, allow
from shared.web.request import reading, transaction

api = Blueprint(
    "intake", __name__, url_prefix="/api", description="Contacts, the decision on them, and advice"
)

_OF_WORK = {
    "role": "role",
    "sector": "employment_sector",
    "basis": "employment_basis",
    "status": "work_status",
}
_ENTERERS = tuple(sorted(WHO_MAY[Act.ENTER]))
_DECIDERS = tuple(sorted(WHO_MAY[Act.DECIDE]))


@api.route("/code-lists")
@allow(*READERS, restriction=Restriction.NONE)
@api.response(200, CodeListsOut)
def code_lists() -> dict[str, Any]:
    """The codes that reports may carry, with the additions of the caller's authority."""
    with reading() as tx:
        known, today = rules.lists(tx), rules.today(tx)
    offered = {name: codes.choices(known, name, today) for name in known}
    return {
        "lists": {
            name: [{"code": code, "label": label} for code, label in found] for name, found in offered.items()
        }
    }


@api.route("/contacts", methods=["GET"])
@allow(*READERS)
@api.arguments(ContactsQuery(), location="query", unknown=RAISE)
@api.response(200, ContactsOut)
def list_contacts(query: dict[str, Any]) -> dict[str, Any]:
    """Contacts of the caller's authority that are open to them; open ones with the oldest clock first."""
    asked = paging.page_of({"page": str(query.pop("page"))})
    wanted = Filter(**query)
    with reading() as tx:
        if wanted.sector:
            codes.check(rules.lists(tx), {"sector": ("employment_sector", wanted.sector)})
        found = contacts.list_contacts(tx, wanted, asked.offset, asked.limit)
        return {"contacts": found, "total": contacts.count(tx, wanted), "page": asked.number}


@api.route("/contacts", methods=["POST"])
@allow(*_ENTERERS)
# One for all requests: made anew each time, its nested schemas cost a tenth of the answer.
@api.arguments(ContactIn())
@api.response(201, ContactOut)
def receive_contact(said: dict[str, Any]) -> Any:
    """Take in a report from another system. The same token again gives the contact that it became."""
    token = said.pop("token")
    report = _report(said)
    with transaction() as tx:
        codes.check(rules.lists(tx), dict(_codes_of(report)))
        one = acts.enter_contact(tx, report, token)
        return one, 201, {"ETag": _tag(one), "Location": f"/intake/api/contacts/{one.id}"}


@api.route("/contacts/<contact_id>")
@allow(*READERS)
@api.response(200, ContactWithReportOut)
def get_contact(contact_id: str) -> Any:
    """One contact with what was told; its ETag goes into If-Match of the acts."""
    with transaction() as tx:
        one = contacts.get(tx, contact_id)
        tx.accessed("viewed", "contact", contact_id)
        return _with_report(tx, one), 200, {"ETag": _tag(one)}


@api.route("/contacts/<contact_id>/owner", methods=["PUT"])
@allow(*_DECIDERS)
@api.response(200, ContactOut)
def take_contact(contact_id: str) -> Any:
    """The caller answers for it from now on."""
    with transaction() as tx:
        one = acts.take_contact(tx, contact_id, _version())
        return one, 200, {"ETag": _tag(one)}


@api.route("/contacts/<contact_id>/decision", methods=["POST"])
@allow(*_DECIDERS)
@api.arguments(JudgementIn())
@api.response(201, ContactOut)
def decide(said: dict[str, Any], contact_id: str) -> Any:
    """Record the decision on the threshold. It does not change afterwards."""
    judgement = Judgement(
        decision=Decision(said["decision"]), criteria=tuple(said["criteria"]), tier=said["tier"],
        reasons=said["reasons"], decided_by="",
    )  # fmt: skip
    with transaction() as tx:
        one = threshold.decide_threshold(tx, contact_id, judgement, _version())
        return one, 201, {"ETag": _tag(one)}


@api.route("/contacts/<contact_id>/advice", methods=["POST"])
@allow(*_DECIDERS)
@api.arguments(AdviceIn())
@api.response(201, AdviceOut)
def send_advice(said: dict[str, Any], contact_id: str) -> Any:
    """Give advice. By e-mail it is sent when the letter leaves."""
    with transaction() as tx:
        return advice.send_advice(tx, contact_id, advice.Wording(**said))


def _version() -> int:
    """The version that the caller has seen, from If-Match."""
    tags = [tag for tag in flask.request.if_match.as_set() if tag.isdigit()]
    if len(tags) != 1:
        abort(428, message="Fetch the contact, then send its ETag in If-Match.")
    return int(tags[0])


def _tag(one: Contact) -> str:
    return f'"{one.version}"'


def _with_report(tx: Transaction, one: Contact) -> dict[str, Any]:
    report = contacts.report_of(tx, one.id)
    told = {
        name: getattr(report, name)
        for name in ("concern_time", "referrer", "adults", "children", "allegations")
    }
    return {**vars(one), **told}


def _codes_of(report: Report) -> Iterator[tuple[str, tuple[str, str]]]:
    yield "referrer.agency", ("referrer_agency", report.referrer.agency)
    for number, adult in enumerate(report.adults):
        for place, work in enumerate(adult.work):
            for field, name in _OF_WORK.items():
                yield f"adults.{number}.work.{place}.{field}", (name, getattr(work, field))
    for number, one in enumerate(report.allegations):
        yield f"allegations.{number}.category", ("harm_category", one.category)


def _report(said: Mapping[str, Any]) -> Report:
    """The report with Heed's own ids in place of the sender's, which need only differ within it."""
    # Two systems may both call their first adult "1"; ids of facts must never meet.
    own: dict[str, str] = {}
    for one in (*said["adults"], *said["children"], *said["allegations"]):
        own.setdefault(one["id"], new_id())
        one["id"] = own[one["id"]]
    for one in said["allegations"]:
        one["adult_id"] = own.get(one["adult_id"], "unknown")
        one["child_ids"] = [own.get(child, "unknown") for child in one.get("child_ids", ())]
    return msgspec.convert(said, Report)
