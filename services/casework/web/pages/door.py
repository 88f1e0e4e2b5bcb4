"""The blueprint of the pages, who may open them, and the one way in which a form becomes an act."""

from collections.abc import Callable
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from services.casework.domain.case import STAGE_WORDS
from services.casework.web import casefile, wording
from shared.actor import Actor
from shared.errors import Conflict, Invalid, Refused
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from shared.web.forms import Form
from shared.web.host import visit
from shared.web.request import transaction

blueprint = flask.Blueprint("casework_pages", "services.casework.web", template_folder="templates")

READERS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER, Role.AUDITOR)
WRITERS = (Role.OFFICER, Role.COORDINATOR, Role.MANAGER)
DECIDERS = (Role.OFFICER, Role.MANAGER)

Act = Callable[[Transaction, dict[str, Any]], object]


@blueprint.context_processor
def _words() -> dict[str, object]:
    # Also for the page that says why somebody was not let in.
    someone = visit().actor or Actor("")
    return {
        "code_words": wording.code_words,
        "decides": someone.has(*DECIDERS),
        "duty_colours": wording.DUTY_COLOURS,
        "stage_colours": wording.STAGE_COLOURS,
        "stage_words": STAGE_WORDS,
        "manages": someone.has(Role.MANAGER),
        "writes": someone.has(*WRITERS),
        "yes_no": wording.yes_no,
    }


def act(
    case_id: str, form: Form, template: str, do: Act, back: str = "", **context: Any
) -> ResponseReturnValue:
    """A form about a case: shown, put right, done.

    `do` gets the answers in a transaction; `back` is the page of the case to return to. What a rule refuses
    is said on the page with the answers kept, and the page then carries the version that stands now.
    """
    answers = form.submitted()
    if answers is not None:
        try:
            with transaction() as tx:
                do(tx, answers)
            return flask.redirect(address(case_id, back))
        # All three are for the person at the page: what was typed stays, and the sentence says what to do.
        except (Invalid, Conflict, Refused) as problem:
            form.refuse(problem if isinstance(problem, Invalid) else str(problem))
    with transaction() as tx:
        return form.page(template, file=casefile.show(tx, case_id), **context)


def address(case_id: str, page: str = "") -> str:
    """Where a page of a case is."""
    return f"/casework/cases/{case_id}" + (f"/{page}" if page else "")
