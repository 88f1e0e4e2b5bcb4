"""Only our own pages may make us change something: origin headers on every unsafe request, a token on
anonymous forms."""

import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import flask
from itsdangerous import BadData
from markupsafe import Markup

from shared.errors import NotAllowed, Refused
from shared.web import signing
from shared.web.host import host, visit

FIELD = "csrf_token"
_COOKIE = "heed-form"
# A referrer may fetch a colleague, sleep on it, and send the page the next morning.
_LIFE = timedelta(hours=24)
_SAFE = {"GET", "HEAD", "OPTIONS"}


def check_origin() -> None:
    """Refuse an unsafe request that another site caused, or that carries a cookie and does not say where it
    is from."""
    request = flask.request
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site not in {None, "same-origin"} or (origin is not None and origin not in _own_origins())
    silent = site is None and origin is None and bool(request.cookies)
    if foreign or silent:
        raise NotAllowed("This was not sent from a page of Heed. Open the page again and send it from there.")


def _own_origins() -> set[str]:
    settings = host().settings
    public = urlsplit(settings.public_url)
    known = {f"{public.scheme}://{public.netloc}"}
    # On one machine people say localhost or 127.0.0.1; behind a gateway only the published name counts.
    return known if settings.production else known | {flask.request.host_url.rstrip("/")}


def check_token() -> None:
    """Refuse a form of a public page without the token of this browser."""
    request = flask.request
    # Another site's page cannot send JSON without asking first, and nobody answers it.
    if request.method in _SAFE or request.is_json:
        return
    try:
        browser, made_at = signing.signer("form").loads(request.form.get(FIELD, ""))
    except (BadData, ValueError, TypeError):
        browser, made_at = "", 0.0
    known = request.cookies.get(signing.cookie_name(_COOKIE), "")
    fresh = visit().now.timestamp() - made_at <= _LIFE.total_seconds()
    if not (browser and fresh and hmac.compare_digest(browser, known)):
        raise Refused(
            "This page was open for too long, or cookies are off. Go back, reload the page and send it again."
        )


def token() -> str:
    """A token for this browser, which gets its cookie with the answer."""
    browser = flask.request.cookies.get(signing.cookie_name(_COOKIE)) or flask.g.get("form_cookie")
    if not browser:
        browser = flask.g.form_cookie = secrets.token_urlsafe(24)
    return str(signing.signer("form").dumps([browser, visit().now.timestamp()]))


def field() -> Markup:
    """The hidden field for a form; `csrf()` in templates."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def remember(response: flask.Response) -> flask.Response:
    """Give the browser the cookie that a form of this page needs."""
    if "form_cookie" in flask.g:
        signing.set_cookie(response, _COOKIE, flask.g.form_cookie)
    return response
