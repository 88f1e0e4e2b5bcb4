"""Pages that every service shows in the same words: accessibility, privacy, cookies, and the end of a
sign-in."""

import flask

from shared.vocabulary import Role
from shared.web import access


def install(app: flask.Flask) -> None:
    """Below the service, so that a process alone has no dead links."""
    service = app.extensions["heed"].service.name
    for name, view in (
        ("accessibility", accessibility),
        ("privacy", privacy),
        ("cookies", cookies),
        ("signed-in", signed_in),
    ):
        app.add_url_rule(f"/{service}/{name}", f"about_{name}", view, methods=["GET"])


@access.public(tenant=access.Tenant.NONE)
def accessibility() -> str:
    """How far the pages can be used by everybody."""
    return flask.render_template("shared/about/accessibility.html")


@access.public(tenant=access.Tenant.NONE)
def privacy() -> str:
    """What is done with what people write."""
    return flask.render_template("shared/about/privacy.html")


@access.public(tenant=access.Tenant.NONE)
def cookies() -> str:
    """The two cookies there are."""
    return flask.render_template("shared/about/cookies.html")


@access.allow(*Role, restriction=access.Restriction.NONE)
def signed_in() -> str:
    """Where a sign-in from another tab ends."""
    return flask.render_template("shared/about/signed_in.html")
