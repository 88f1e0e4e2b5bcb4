"""A tiny service with one page of each kind, for tests of what the kernel owes a page."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

import flask
import flask_smorest
from flask.views import MethodView
from marshmallow import Schema, fields, validate
from sqlalchemy import MetaData

from shared import replicas
from shared.actor import Actor, Scope
from shared.contracts.intake import SessionEnded, UserChanged
from shared.contracts.platform import ConfigurationChanged
from shared.errors import Conflict, HeedError, NotFound, Refused, Unavailable
from shared.service import Service, Subscriptions
from shared.settings import Settings
from shared.store.database import Database
from shared.vocabulary import Role
from shared.web import access, identity, paging, renewal, request, sheets
from shared.web.api import Body
from shared.web.app import create_app
from shared.web.forms import Form, Moment, PartialDate, Upload
from tests.platform import SetClock, alone

SECRET = "Quillfeather"
ERRORS = {
    "refused": Refused("The case is closed. Open it again first."),
    "missing": NotFound("There is no such record."),
    "conflict": Conflict("Somebody else changed this. Load it again."),
    "away": Unavailable("The index does not answer."),
    "heed": HeedError("Something inside is wrong."),
}


class Answers(Schema):
    """Every kind of question."""

    name = fields.String(
        required=True, validate=validate.Length(max=20), error_messages={"required": "Enter a name."}
    )
    story = fields.String()
    email = fields.Email()
    count = fields.Integer()
    kind = fields.String(validate=validate.OneOf(["A", "B"]))
    wants = fields.List(fields.String(validate=validate.OneOf(["X", "Y"])))
    agreed = fields.Boolean()
    on = fields.Date()
    born = PartialDate()
    starts = Moment()
    evidence = Upload(most=2)


class WorkIn(Body):
    """What the API takes."""

    title = fields.String(required=True)


def _pages() -> flask.Blueprint:
    pages = flask.Blueprint(
        "tiny_pages", __name__, template_folder=str(Path(__file__).with_name("templates"))
    )
    pages.add_url_rule("/work", view_func=work)
    pages.add_url_rule("/ask", view_func=ask, methods=["GET", "POST"])
    pages.add_url_rule("/grave", view_func=grave, methods=["GET", "POST"])
    pages.add_url_rule("/list", view_func=listing)
    pages.add_url_rule("/list.csv", view_func=listing_csv)
    pages.add_url_rule("/fail/<kind>", view_func=fail)
    pages.add_url_rule("/parts", view_func=parts)
    pages.add_url_rule("/of/<authority>", view_func=of)
    pages.add_url_rule("/forgotten", view_func=lambda: "never seen")
    return pages


def _front() -> flask.Blueprint:
    front = flask.Blueprint(
        "tiny_front", __name__, url_prefix="//", template_folder=str(Path(__file__).with_name("templates"))
    )
    front.add_url_rule("/", view_func=home)
    front.add_url_rule("/tell/<authority>", view_func=tell, methods=["GET", "POST"])
    front.add_url_rule("/intake/session/renew", view_func=renew, methods=["GET", "POST"])
    return front


@access.allow(Role.OFFICER)
def work() -> str:
    """A page for officers."""
    with request.transaction() as tx:
        tx.accessed("viewed", "work", "1")
        return flask.render_template("tiny/work.html", scope=tx.scope)


@access.allow(Role.OFFICER, restriction=access.Restriction.NONE)
def ask() -> flask.typing.ResponseReturnValue:
    """A form with every kind of question."""
    form = Form(Answers, {"name": "First"})
    answers = form.submitted()
    if answers is not None:
        return flask.jsonify({name: str(value) for name, value in answers.items()})
    return form.page("tiny/ask.html")


@access.allow(Role.OFFICER)
@access.step_up(minutes=10)
def grave() -> flask.typing.ResponseReturnValue:
    """A sensitive act."""
    return flask.redirect("/tiny/work") if flask.request.method == "POST" else "grave"


@access.allow(Role.OFFICER, Role.AUDITOR)
def listing() -> str:
    """A list."""
    asked = paging.page_of(flask.request.args)
    rows = [
        [f"row {number}", number]
        for number in range(asked.offset + 1, min(asked.offset + asked.limit, 120) + 1)
    ]
    return flask.render_template("tiny/list.html", page=asked.of(rows, 120))


@access.allow(Role.OFFICER)
def listing_csv() -> flask.Response:
    """Its twin."""
    return sheets.csv_file("list", ["What", "How many"], [["=HYPERLINK(1)", 2], ["plain", 3]])


@access.public(tenant=access.Tenant.NONE)
def fail(kind: str) -> str:
    """Everything that can go wrong."""
    if kind in ERRORS:
        raise ERRORS[kind]
    if kind.isdigit():
        flask.abort(int(kind))
    raise ValueError(f"about {SECRET}")


@access.public(tenant=access.Tenant.NONE)
def parts() -> str:
    """Every macro once."""
    return flask.render_template(
        "tiny/parts.html", now=request.scope("dorset") and _now(), page=paging.Page([1], 120, 2)
    )


def _now() -> datetime:
    now: datetime = flask.current_app.extensions["heed"].clock()
    return now


@access.allow(Role.OFFICER, tenant=access.Tenant.PATH)
def of(authority: str) -> flask.typing.ResponseReturnValue:
    """A page with its authority in the address."""
    return {"authority": authority}


@access.public(tenant=access.Tenant.NONE)
def home() -> flask.typing.ResponseReturnValue:
    """The root."""
    return {"here": "root"}


@access.public()
def tell(authority: str) -> flask.typing.ResponseReturnValue:
    """A public form."""
    form = Form(Answers)
    if form.submitted() is not None:
        with request.transaction() as tx:
            return {"authority": tx.authority, "actor": tx.scope.actor.id, "thread": tx.scope.correlation_id}
    return form.page("tiny/ask.html", public=authority)


@access.public(tenant=access.Tenant.NONE, token=False)
def renew() -> flask.typing.ResponseReturnValue:
    """The front door: renews while the session lives, keeps the answers when it does not."""
    now = _now()
    known = identity.presented(flask.request, now)
    back = renewal.local(flask.request.args.get("next"))
    if known is None:
        return {"sign in": back}
    if known.age(now) > identity.IDLE:
        return (
            renewal.keep_answers(known.user_id, known.authority, back)
            if flask.request.method == "POST"
            else {"sign in": back}
        )
    response = flask.redirect(back, 307 if flask.request.method == "POST" else 302)
    assert isinstance(response, flask.Response)
    identity.issue(response, known.session_id, known.user_id, known.authority, now)
    return response


api = flask_smorest.Blueprint("tiny", __name__, url_prefix="/api", description="Tiny things.")


@api.route("/works/<work_id>")
class Work(MethodView):
    """One work."""

    @access.allow(Role.OFFICER)
    @api.etag
    @api.response(200, WorkIn)
    def get(self, work_id: str) -> dict[str, str]:
        """Show it."""
        return {"title": work_id}

    @access.allow(Role.OFFICER)
    @api.etag
    @api.arguments(WorkIn)
    @api.response(200, WorkIn)
    def put(self, given: dict[str, str], work_id: str) -> dict[str, str]:
        """Change it."""
        api.check_etag({"title": work_id}, WorkIn)
        return given


@api.route("/works")
@access.allow(Role.OFFICER)
@api.response(200, WorkIn(many=True))
@api.paginate()
def works(pagination_parameters: flask_smorest.pagination.PaginationParameters) -> list[dict[str, str]]:
    """List them."""
    pagination_parameters.item_count = 3
    return [{"title": str(number)} for number in range(3)][pagination_parameters.first_item :][
        : pagination_parameters.page_size
    ]


SERVICE = Service("tiny", MetaData(), Subscriptions(), lambda: [_pages(), _front(), api])


class Host:
    """What the factory needs of a runtime."""

    service = SERVICE

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.settings = settings
        self.clock = clock
        self.database: Database = alone(SERVICE, settings, clock)


class Tiny:
    """The service with two authorities, in the shape of a platform."""

    def __init__(self, settings: Settings, clock: SetClock) -> None:
        self.clock = clock
        self.host = Host(settings, clock)
        for code in ("dorset", "wiltshire"):
            self._open_authority(code)

    @cached_property
    def apps(self) -> Mapping[str, flask.Flask]:
        """The one app."""
        return {"tiny": create_app(self.host)}

    @property
    def app(self) -> flask.Flask:
        """The one app."""
        return self.apps["tiny"]

    def user(self, user_id: str, *roles: Role, authority: str = "dorset", active: bool = True) -> None:
        """Make somebody known."""
        changed = UserChanged(
            user_id=user_id,
            display_name="Test person",
            email="x@dorset.example",
            roles=tuple(roles),
            active=active,
        )
        with self.host.database.transaction(_system(authority)) as tx:
            replicas.apply_user(tx, changed)

    def end(self, user_id: str, session_id: str, *, everywhere: bool = False) -> None:
        """The front door says that a session has ended."""
        ended = SessionEnded(
            user_id=user_id, session_id=session_id, everywhere=everywhere, ended_at=self.clock()
        )
        with self.host.database.transaction(_system("dorset")) as tx:
            replicas.apply_session_end(tx, ended)

    def _open_authority(self, code: str) -> None:
        value = json.dumps({"display_name": f"{code.capitalize()} Council"})
        changed = ConfigurationChanged(
            configuration_id=f"{code}/authority",
            kind="authority",
            value=value,
            effective_from=self.clock(),
            changed_by="test",
        )
        with self.host.database.transaction(_system(code)) as tx:
            replicas.apply_configuration(tx, changed)


def _system(authority: str) -> Scope:
    return Scope(authority, Actor("system:test"), "test")
