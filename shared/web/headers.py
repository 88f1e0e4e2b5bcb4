"""What every answer tells the browser to refuse: foreign scripts, frames, sniffing, copies in its cache."""

import secrets
from urllib.parse import urlsplit

import flask

from shared.web.host import host

_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'{forms}"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_ONE_YEAR = 365 * 24 * 3600


def install(app: flask.Flask) -> None:
    """Set them on every answer."""
    app.after_request(_protect)
    app.jinja_env.globals["csp_nonce"] = nonce


def nonce() -> str:
    """The word that lets this page's one inline script run."""
    if "nonce" not in flask.g:
        flask.g.nonce = secrets.token_urlsafe(18)
    return str(flask.g.nonce)


def allow_form_to(address: str) -> None:
    """Let this page's forms go to one other site too, such as the identity provider's."""
    parts = urlsplit(address)
    flask.g.forms_to = f" {parts.scheme}://{parts.netloc}"


def _protect(response: flask.Response) -> flask.Response:
    for name, value in _ALWAYS.items():
        response.headers[name] = value
    policy = _POLICY.format(nonce=nonce(), forms=flask.g.get("forms_to", ""))
    response.headers.setdefault("Content-Security-Policy", policy)
    # Pages hold personal data; on a shared computer the back button must not bring them up again.
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if host().settings.https:
        response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}; includeSubDomains"
    return response
