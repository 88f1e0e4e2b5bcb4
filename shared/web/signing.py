"""Signed values that travel through a browser. Their keys are derived from the root keys, so there is no
second secret."""

import hashlib
import hmac

import flask
from itsdangerous import URLSafeSerializer


def signer(purpose: str) -> URLSafeSerializer:
    """Signs and reads values of one purpose; every root key reads, the active one signs."""
    signers: dict[str, URLSafeSerializer] = flask.current_app.extensions.setdefault("heed_signers", {})
    if purpose not in signers:
        signers[purpose] = _make(flask.current_app.extensions["heed"].settings.secret_keys, purpose)
    return signers[purpose]


def _make(roots: tuple[bytes, ...], purpose: str) -> URLSafeSerializer:
    # The library signs with the last key of its list; ours puts the active one first.
    keys = [
        hmac.new(root, f"heed|web|{purpose}".encode(), hashlib.sha256).digest() for root in reversed(roots)
    ]
    return URLSafeSerializer(keys, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def cookie_name(name: str) -> str:
    """With TLS the prefix makes browsers refuse a cookie set by a neighbouring host or an unencrypted
    page."""
    return f"__Host-{name}" if _https() else name


def set_cookie(response: flask.Response, name: str, value: str) -> None:
    """A cookie that scripts and other sites do not get and that ends with the browser."""
    response.set_cookie(cookie_name(name), value, path="/", secure=_https(), httponly=True, samesite="Lax")


def clear_cookie(response: flask.Response, name: str) -> None:
    """Forget it."""
    response.delete_cookie(cookie_name(name), path="/", secure=_https(), httponly=True, samesite="Lax")


def _https() -> bool:
    return bool(flask.current_app.extensions["heed"].settings.https)
