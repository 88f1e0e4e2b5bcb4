"""The day's work, the list, and one notice."""

from datetime import date, timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.notifications.actions import letters
from services.notifications.actions.rules import rules_of
from services.notifications.domain.dates import why
from services.notifications.domain.disclosure import Side
from services.notifications.domain.notice import Notice
from services.notifications.domain.rule import Rule
from services.notifications.domain.words import body_name, holder_name
from services.notifications.store import disclosures
from services.notifications.store import notices as store
from services.notifications.store.disclosures import Waiting
from services.notifications.store.notices import Wanted
from services.notifications.web import particulars, shown
from services.notifications.web.blueprint import READERS, blueprint
from services.notifications.web.schemas import ListFilters
from shared import mail, replicas, working_days
from shared.store.transaction import Transaction
from shared.web import access, paging, request, sheets
from shared.web.downloads import attachment
from shared.web.forms import Form

_COMING = timedelta(days=14)
_MOST = 5_000


@blueprint.get("/")
@access.allow(*READERS)
def home() -> str:
    """What has to be done today."""
    with request.reading() as tx:
        day, rules = shown.today(tx), shown.by_id(rules_of(tx))
        lists = {
            "overdue": store.list_overdue(tx, day, paging.SIZE),
            "uncertain": store.list_uncertain(tx, paging.SIZE),
            "due": store.list_due(tx, day, paging.SIZE),
            "coming": store.list_coming(tx, day, day + _COMING, paging.SIZE),
            "to_confirm": store.list_to_confirm(tx, paging.SIZE),
            "proposed": store.list_declines_asked(tx, paging.SIZE),
        }
        waiting = disclosures.waiting(tx, day, tx.now - _COMING)
    tables = {name: shown.rows(found, rules, day) for name, found in lists.items()}
    return flask.render_template(
        "notifications/home.html",
        tables=tables,
        head=shown.HEAD,
        most=paging.SIZE,
        ours=waiting.get(Side.HOLDING, Waiting()),
        theirs=waiting.get(Side.ASKING, Waiting()),
    )


@blueprint.get("/notices")
@access.allow(*READERS)
def notices() -> ResponseReturnValue:
    """All notices, by filters."""
    form, asked = Form(ListFilters), paging.page_of(flask.request.args)
    wanted = Wanted(**form.filters())
    with request.reading() as tx:
        day, rules = shown.today(tx), shown.by_id(rules_of(tx))
        found = store.list_some(tx, wanted, day, offset=asked.offset, limit=asked.limit)
        page = asked.of(found, store.count(tx, wanted, day))
    rows = shown.rows(page.items, rules, day)
    return form.page(
        "notifications/notices.html",
        page=page,
        rows=rows,
        head=shown.HEAD,
        states=[(state.value, words) for state, (words, _) in shown.STATES.items()],
        rules=[(rule.id, f"{rule.id} {rule.title}") for rule in rules.values()],
        query=flask.request.query_string.decode(),
    )


@blueprint.get("/notices.csv")
@access.allow(*READERS)
def notices_csv() -> flask.Response:
    """The list with the same filters as a file, 5,000 rows at most."""
    wanted = Wanted(**Form(ListFilters).exact())
    with request.transaction() as tx:
        day, rules = shown.today(tx), shown.by_id(rules_of(tx))
        found = store.list_some(tx, wanted, day, offset=0, limit=_MOST)
        tx.accessed("exported", "notices", "list", found=tuple(one.id for one in found))
    return sheets.csv_file("notices", _CSV, [_csv_row(one, rules.get(one.rule), day) for one in found])


_CSV = (
    "Reference", "Rule", "What has to be said", "Basis", "Duty of", "Recipient", "State", "Due",
    "Overdue after", "Raised", "Advised", "Sent", "How it was sent", "Acknowledged",
)  # fmt: skip


def _csv_row(one: Notice, rule: Rule | None, today: date) -> list[object]:
    return [
        one.reference, one.rule, rule.title if rule else "", shown.BASES[one.basis], holder_name(one.duty_of),
        body_name(one.recipient), shown.state_words(one, today)[0], one.dates.due_on, one.dates.late_after,
        one.raised_at, one.advised_at, one.sent_at, shown.METHODS.get(one.method or "", ""),
        one.acknowledged_at,
    ]  # fmt: skip


@blueprint.get("/notices/<notice_id>")
@access.allow(*READERS)
def notice(notice_id: str) -> str:
    """One notice: why it was raised, by when, what it must say, and what can be done."""
    with request.transaction() as tx:
        found = store.get(tx, notice_id)
        tx.accessed("viewed", "notice", notice_id)
        context = _context(tx, found)
    return flask.render_template("notifications/notice.html", **context, done=_done())


def _context(tx: Transaction, found: Notice) -> dict[str, Any]:
    draft, day = letters.draft(tx, found), shown.today(tx)
    names = replicas.display_names(tx, particulars.people_of(found))
    return {
        "notice": found,
        "draft": draft,
        "entry": letters.entry_of(tx, found),
        "rule_rows": particulars.rule_rows(found, draft),
        "content_rows": particulars.content_rows(draft.content.lines),
        "history": particulars.history(found, names),
        "posted": particulars.posted(mail.about(tx, found.id)),
        "why": why(draft.rule, found.aware_at, found.raised_at, working_days.of(tx)),
        "clock_state": particulars.clock_state(found, day),
        "state": shown.state_words(found, day),
        "due": shown.due_words(found, draft.rule),
        "acts": shown.acts_for(found, tx.scope.actor),
    }


@blueprint.get("/notices/<notice_id>/letter")
@access.allow(*READERS)
def letter(notice_id: str) -> str:
    """The letter as it would go out now."""
    with request.transaction() as tx:
        found = store.get(tx, notice_id)
        tx.accessed("viewed", "letter", notice_id)
        draft = letters.draft(tx, found)
    lines = particulars.letter_rows(draft.letter)
    return flask.render_template("notifications/letter.html", notice=found, letter=draft.letter, lines=lines)


@blueprint.get("/notices/<notice_id>/letter.pdf")
@access.allow(*READERS)
def letter_pdf(notice_id: str) -> flask.Response:
    """The letter as a document: what was sent, once it was sent by mail; else as it would go out now."""
    with request.transaction() as tx:
        found = store.get(tx, notice_id)
        tx.accessed("exported", "letter", notice_id)
        # What left is shown as it left, not as the case would word it today.
        sent = mail.words_of(tx, found.letter_id).attachments if found.letter_id else ()
        content = sent[0].content if sent else letters.as_pdf(letters.draft(tx, found).letter, tx.now)
    return attachment(content, f"notice-{found.reference}-{found.rule}.pdf", "application/pdf")


def _done() -> str:
    return shown.DONE.get(flask.request.args.get("done", ""), "")
