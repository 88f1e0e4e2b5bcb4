"""What an administrator changes: accounts and the authority's record."""

from dataclasses import asdict
from typing import Any

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from services.intake.actions import configuration
from services.intake.actions import users as acts
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.session import User, roles_of
from services.intake.store import users
from services.intake.web.journey.questions import EMAIL
from shared.errors import Conflict, Invalid
from shared.vocabulary import Role
from shared.web import paging, request
from shared.web.access import Restriction, allow
from shared.web.forms import Form

administration = flask.Blueprint(
    "administration", __name__, url_prefix="/administration", template_folder="templates"
)

_only = allow(Role.ADMINISTRATOR, restriction=Restriction.NONE)
ROLE_WORDS = [
    (Role.OFFICER.value, "Designated officer", "Decides, runs cases, searches, hands over."),
    (Role.COORDINATOR.value, "Coordinator", "Mailbox, meetings, minutes and chasing; decides nothing."),
    (Role.MANAGER.value, "Manager", "Capacity, cover, overdue work, approvals."),
    (Role.AUDITOR.value, "Auditor or inspector", "Reads only, with the access register."),
    (Role.ANALYST.value, "Analyst", "Figures only."),
    (Role.ADMINISTRATOR.value, "Administrator", "Accounts and configuration; sees no record."),
    (Role.OPERATOR.value, "Operator", "Runs the region; sees no record."),
]


class UserAnswers(Schema):
    """The page of an account."""

    display_name = fields.String(
        required=True, validate=validate.Length(max=120), error_messages={"required": "Enter their name."}
    )
    email = fields.String(
        required=True, validate=EMAIL, error_messages={"required": "Enter their e-mail address."}
    )
    roles = fields.List(
        fields.String(), required=True, error_messages={"required": "Choose at least one role."}
    )
    active = fields.String(validate=validate.OneOf(["yes", "no"]), load_default="yes")
    version = fields.Integer(load_default=1)


class AuthorityAnswers(Schema):
    """The page of the authority's record."""

    display_name = fields.String(
        required=True, validate=validate.Length(max=120), error_messages={"required": "Enter its name."}
    )
    phone = fields.String(validate=validate.Length(max=40), load_default="")
    child_referral_phone = fields.String(validate=validate.Length(max=40), load_default="")
    contact_route = fields.String(validate=validate.Length(max=300), load_default="")
    theme = fields.String(validate=validate.Length(max=40), load_default="")
    pooled = fields.String(
        required=True,
        validate=validate.OneOf(["yes", "no"]),
        error_messages={"required": "Say whether your records take part in the search of the region."},
    )


@administration.get("")
@_only
def overview() -> ResponseReturnValue:
    """What can be changed."""
    return flask.render_template("intake/administration/overview.html")


@administration.get("/users")
@_only
def list_users() -> ResponseReturnValue:
    """The accounts of the authority."""
    asked = paging.page_of(flask.request.args)
    with request.reading() as tx:
        page = asked.of(users.list_users(tx, asked.offset, asked.limit), users.count(tx))
        words = {role[0]: role[1] for role in ROLE_WORDS}
        return flask.render_template("intake/administration/users.html", page=page, words=words)


@administration.route("/users/new", methods=["GET", "POST"])
@_only
def add_user() -> ResponseReturnValue:
    """Open an account."""
    form = Form(UserAnswers)
    answers = form.submitted()
    if answers is not None:
        try:
            with request.transaction() as tx:
                acts.add_user(tx, _user("", answers))
            return flask.redirect(flask.url_for(".list_users"))
        except Invalid as problem:
            form.refuse(problem)
    return form.page("intake/administration/user.html", user=None, roles=ROLE_WORDS)


@administration.route("/users/<user_id>", methods=["GET", "POST"])
@_only
def change_user(user_id: str) -> ResponseReturnValue:
    """Change or close an account; closing ends its sessions everywhere."""
    with request.reading() as tx:
        user = users.get(tx, user_id)
    form = Form(UserAnswers, _shown(user))
    answers = form.submitted()
    if answers is not None:
        try:
            with request.transaction() as tx:
                acts.change_user(tx, _user(user_id, answers))
            return flask.redirect(flask.url_for(".list_users"))
        except (Invalid, Conflict) as problem:
            form.refuse(problem)
    return form.page("intake/administration/user.html", user=user, roles=ROLE_WORDS)


@administration.route("/authority", methods=["GET", "POST"])
@_only
def change_authority() -> ResponseReturnValue:
    """How people reach the authority, and how its pages look."""
    now = request.authority()
    form = Form(AuthorityAnswers, {**asdict(now), "pooled": now.pooled})
    answers = form.submitted()
    if answers is not None:
        try:
            with request.transaction() as tx:
                record = AuthorityRecord(
                    **{**answers, "pooled": answers["pooled"] == "yes", "terms": now.terms}
                )
                configuration.open_authority(tx, record)
            return flask.redirect(flask.url_for(".overview"))
        except Invalid as problem:
            form.refuse(problem)
    return form.page("intake/administration/authority.html")


def _user(user_id: str, answers: dict[str, Any]) -> User:
    return User(
        id=user_id,
        display_name=answers["display_name"],
        email=answers["email"],
        roles=roles_of(answers["roles"]),
        active=answers["active"] == "yes",
        version=answers["version"],
    )


def _shown(user: User) -> dict[str, Any]:
    return {
        "display_name": user.display_name,
        "email": user.email,
        "roles": [role.value for role in user.roles],
        "active": "yes" if user.active else "no",
        "version": user.version,
    }
