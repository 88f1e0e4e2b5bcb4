"""The pages of one case that only show: overview, people, duties; and the way in from a contact."""

from datetime import UTC, datetime, timedelta

import flask
from flask.typing import ResponseReturnValue

from services.casework.actions import timing
from services.casework.domain.duties import STATE_WORDS, body_words
from services.casework.domain.priors import STATE_WORDS as PRIOR_WORDS
from services.casework.domain.rules import delay_reasons
from services.casework.domain.safeguards import SAFEGUARDS
from services.casework.store import cases, chronology, duties, meetings, patterns, priors
from services.casework.store.erasing import requests
from services.casework.web import casefile
from services.casework.web.answers import DelayAnswers, OfCase
from services.casework.web.pages.door import DECIDERS, READERS, act, address, blueprint
from shared import replicas
from shared.errors import NotFound
from shared.keeping.erasure import Standing
from shared.web.access import allow
from shared.web.downloads import attachment
from shared.web.forms import Form
from shared.web.host import visit
from shared.web.request import reading, transaction

PATIENCE = timedelta(seconds=60)


@blueprint.get("/by-contact/<contact_id>")
@allow(*READERS)
def by_contact(contact_id: str) -> ResponseReturnValue:
    """Leads to the case of a contact; until it is open, says so and looks again by itself."""
    with reading() as tx:
        case_id = cases.find_by_contact(tx, contact_id)
    if case_id:
        return flask.redirect(address(case_id))
    # The start travels in the address, as the page keeps no state between its own looks.
    since = _since(flask.request.args.get("since", ""), visit().now)
    delayed = visit().now - since > PATIENCE
    again = f"/casework/by-contact/{contact_id}?since={int(since.timestamp())}"
    return flask.render_template("casework/opening.html", delayed=delayed, again=again)


def _since(text: str, now: datetime) -> datetime:
    started = (
        datetime.fromtimestamp(int(text), UTC)
        if text.isascii() and text.isdigit() and len(text) < 12
        else now
    )
    return min(started, now)


@blueprint.get("/cases/<case_id>")
@allow(*READERS)
def overview(case_id: str) -> ResponseReturnValue:
    """The case at a glance: people, allegations, clocks, earlier concerns, what happened last."""
    with transaction() as tx:
        file = casefile.show(tx, case_id)
        last = chronology.of_case(tx, case_id, offset=max(0, chronology.count(tx, case_id) - 5))
        asked = requests.find(tx, case_id)
        return flask.render_template(
            "casework/overview.html",
            file=file,
            asked=asked is not None and asked.state is Standing.ASKED,
            priors=priors.of_contact(tx, file.dossier.case.contact_id),
            prior_words=PRIOR_WORDS,
            patterns=patterns.of_contact(tx, file.dossier.case.contact_id),
            holders={one.code: one.display_name for one in replicas.authorities(tx)},
            files=tx.tools.files.named(tx, file.dossier.case.files),
            lines=casefile.timeline(tx, reversed(last)),
        )


@blueprint.get("/cases/<case_id>/files/<file_id>")
@allow(*READERS)
def download(case_id: str, file_id: str) -> ResponseReturnValue:
    """A file that came with the report. Opening it is recorded."""
    with transaction() as tx:
        # Through its case only, so that whoever the case is closed to does not reach its files either.
        if file_id not in cases.get(tx, case_id).case.files:
            raise NotFound("There is no such file on this case. Open the case and choose from its list.")
        found = tx.tools.files.open(tx, file_id)
        tx.accessed("viewed", "file", file_id)
    return attachment(found.content, found.name, found.ref.type)


@blueprint.get("/cases/<case_id>/people")
@allow(*READERS)
def people(case_id: str) -> ResponseReturnValue:
    """Adults with their facts, support and safeguards; children with their part."""
    with transaction() as tx:
        file = casefile.show(tx, case_id)
        made = meetings.safeguards_of(tx, case_id)
        return flask.render_template(
            "casework/people.html", file=file, safeguards=made, safeguard_words=SAFEGUARDS
        )


@blueprint.get("/cases/<case_id>/duties")
@allow(*READERS)
def duties_of_case(case_id: str) -> ResponseReturnValue:
    """Who must be told, by whom and when, as notifications says it stands."""
    with transaction() as tx:
        return flask.render_template(
            "casework/duties.html",
            file=casefile.show(tx, case_id),
            duties=duties.of_case(tx, case_id),
            duty_words=STATE_WORDS,
            body_words=body_words,
        )


@blueprint.route("/cases/<case_id>/clocks/<clock_id>/pause", methods=["GET", "POST"])
@allow(*DECIDERS)
def pause_clock(case_id: str, clock_id: str) -> ResponseReturnValue:
    """Begin a delay with its reason."""
    return act(
        case_id,
        Form(DelayAnswers),
        "casework/pause.html",
        lambda tx, said: timing.pause_clock(
            tx, case_id, clock_id, said["reason"], said["words"], said["version"]
        ),
        reasons=list(delay_reasons().items()),
    )


@blueprint.route("/cases/<case_id>/clocks/<clock_id>/resume", methods=["GET", "POST"])
@allow(*DECIDERS)
def resume_clock(case_id: str, clock_id: str) -> ResponseReturnValue:
    """End a delay."""
    return act(
        case_id,
        Form(OfCase),
        "casework/resume.html",
        lambda tx, said: timing.resume_clock(tx, case_id, clock_id, said["version"]),
    )
