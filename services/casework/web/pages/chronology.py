"""The chronology of a case: read, narrowed, printed, added to."""

import flask
from flask.typing import ResponseReturnValue

from services.casework.actions import chronology as actions
from services.casework.actions.chronology import Note
from services.casework.domain.chronology import SOURCE_WORDS
from services.casework.store import cases, chronology
from services.casework.web import casefile
from services.casework.web.answers import NoteAnswers
from services.casework.web.pages.door import READERS, WRITERS, act, address, blueprint
from shared.clock import new_id
from shared.web import paging
from shared.web.access import allow
from shared.web.forms import Form
from shared.web.request import reading, transaction

_PRINTED = 500


@blueprint.get("/cases/<case_id>/chronology")
@allow(*READERS)
def read_chronology(case_id: str) -> ResponseReturnValue:
    """Everything that happened, oldest first; `source` narrows it, `print` shows up to 500 lines at once."""
    arguments = flask.request.args
    # Filters come from the address; what is no source is left out rather than refused.
    sources = [source for source in arguments.getlist("source") if source in SOURCE_WORDS]
    asked = paging.page_of(arguments, _PRINTED if arguments.get("print") else paging.SIZE)
    with transaction() as tx:
        file = casefile.show(tx, case_id)
        lines = chronology.of_case(tx, case_id, sources, offset=asked.offset, limit=asked.limit)
        return flask.render_template(
            "casework/chronology.html",
            file=file,
            lines=casefile.timeline(tx, lines),
            page=asked.of(lines, chronology.count(tx, case_id, sources)),
            chosen=sources,
            sources=SOURCE_WORDS,
        )


@blueprint.route("/cases/<case_id>/notes/new", methods=["GET", "POST"])
@allow(*WRITERS)
def add_note(case_id: str) -> ResponseReturnValue:
    """Add to the chronology; `corrects` names an earlier note that this one puts right.

    The id of the note stands in the address, so that whoever goes back to it comes to the note that was kept.
    """
    corrects, note_id = flask.request.args.get("corrects", ""), flask.request.args.get("note", "")
    if flask.request.method == "GET":
        with reading() as tx:
            case = cases.get(tx, case_id).case
            kept = note_id and chronology.find(tx, case.id, note_id)
        if kept:
            return flask.redirect(f"{address(case_id, 'chronology')}#line-{note_id}")
        if not note_id:
            there = flask.url_for(".add_note", case_id=case_id, note=new_id(), corrects=corrects or None)
            return flask.redirect(there)
    return act(
        case_id,
        Form(NoteAnswers, {"note_id": note_id}),
        "casework/note.html",
        lambda tx, said: actions.add_note(
            tx, case_id, Note(id=said["note_id"], words=said["words"], at=said["at"], corrects=corrects)
        ),
        "chronology",
        corrects=corrects,
    )
