"""A real OpenID provider on a port of this machine, on the server side of Authlib: it checks the client, its
address, PKCE and each code's single use. Tests say who is there and, in `faults`, what goes wrong.
"""

# ruff: noqa: ARG002  Authlib says what its hooks are given

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc6749.errors import OAuth2Error
from authlib.oauth2.rfc7636 import CodeChallenge
from joserfc import jwt
from joserfc.jwk import Key, KeySet, RSAKey
from werkzeug.serving import make_server

SECRET = "a secret of the test"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Client(ClientMixin):  # type: ignore[misc]
    """Heed, as the provider knows it."""

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri

    def get_client_id(self) -> str:
        return "heed"

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret, SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in {"authorization_code", "refresh_token"}


@dataclass
class Code:
    """An authorization code or a refresh token, with what was asked for it."""

    user_id: str
    redirect_uri: str
    nonce: str
    auth_time: int
    code_challenge: str = ""
    code_challenge_method: str = ""

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return "openid profile email"

    def check_client(self, client: Client) -> bool:
        return client.get_client_id() == "heed"


@dataclass
class State:
    """Who is there, and what goes wrong."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    sits_there: str = ""
    signed_in_at: int = 0
    faults: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    refreshes: dict[str, Code] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    farewells: list[str] = field(default_factory=list)


class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """The code flow; PKCE is asked of everybody."""

    state: State
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        self.state.codes[code] = Code(
            request.user,
            request.payload.redirect_uri,
            asked.get("nonce", ""),
            self.state.signed_in_at,
            asked.get("code_challenge", ""),
            asked.get("code_challenge_method", ""),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return self.state.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        self.state.codes = {k: v for k, v in self.state.codes.items() if v is not authorization_code}

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user_id


class Refresh(grants.RefreshTokenGrant):  # type: ignore[misc]
    """New tokens for old; who was removed gets none, and each token serves once."""

    state: State
    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def authenticate_refresh_token(self, refresh_token: str) -> Code | None:
        found = self.state.refreshes.get(refresh_token)
        return found if found and found.user_id in self.state.users else None

    def authenticate_user(self, refresh_token: Code) -> str:
        return refresh_token.user_id

    def revoke_old_credential(self, refresh_token: Code) -> None:
        self.state.refreshes = {k: v for k, v in self.state.refreshes.items() if v is not refresh_token}


class Provider:
    """The running provider."""

    def __init__(self, port: int, redirect_uri: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.state = State()
        self.client = Client(redirect_uri)
        self.rotate()
        self.app = flask.Flask(__name__)
        self._server = AuthorizationServer(
            self.app,
            query_client=lambda name: self.client if name == "heed" else None,
            save_token=_forget,
        )
        state = {"state": self.state}
        self._server.register_grant(type("Grant", (Grant,), state), [CodeChallenge(required=True)])
        self._server.register_grant(type("Refresh", (Refresh,), state))
        self._server.register_token_generator("default", self._tokens)
        for path, view, methods in (
            ("/.well-known/openid-configuration", self._metadata, ["GET"]),
            ("/keys", self._keys, ["GET"]),
            ("/authorize", self._authorize, ["GET"]),
            ("/token", self._token, ["POST"]),
            ("/leave", self._leave, ["POST"]),
        ):
            self.app.add_url_rule(path, path, view, methods=methods)

    def rotate(self) -> None:
        """From here on another key signs."""
        key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
        self.state.keys.insert(0, key)

    def sign(self, claims: dict[str, Any], key: RSAKey | None = None) -> str:
        """A token of the provider, or of somebody with a key of the same name."""
        first = self.state.keys[0]
        return jwt.encode({"alg": "RS256", "kid": first.kid}, claims, key or first)

    def notify(self, address: str, subject: str = "", session: str = "", **changed: Any) -> int:
        """Tell Heed by the back channel that a sign-in has ended. Returns the status."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": "heed", "iat": now, "exp": now + 120, "jti": secrets.token_hex(8)}
        who = {"sub": subject} if subject else {"sid": session}
        token = self.sign({**claims, **who, "events": {EVENT: {}}, **changed})
        return requests.post(address, data={"logout_token": token}, timeout=10).status_code

    def _metadata(self) -> dict[str, Any]:
        paths = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "end_session_endpoint": "leave",
        }
        found = {name: f"{self.url}/{path}" for name, path in paths.items()}
        return {
            "issuer": self.url,
            **found,
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.state.faults.get("metadata", {}),
        }

    def _keys(self) -> Any:
        return KeySet(self.state.keys).as_dict(private=False)

    def _authorize(self) -> Any:
        if flask.request.args.get("prompt") == "login" and not self.state.faults.get("lazy"):
            self.state.signed_in_at = int(time.time())
        try:
            grant = self._server.get_consent_grant(end_user=self.state.sits_there)
        except OAuth2Error as problem:
            return problem.error, 400
        refused = self.state.faults.get("denied")
        return self._server.create_authorization_response(
            grant_user=None if refused else self.state.sits_there, grant=grant
        )

    def _token(self) -> Any:
        return self._server.create_token_response()

    def _leave(self) -> Any:
        self.state.farewells.append(flask.request.form["id_token_hint"])
        return flask.redirect(flask.request.form["post_logout_redirect_uri"])

    def _tokens(self, user: str, **_: Any) -> dict[str, Any]:
        asked = self._asked()
        refresh, now = secrets.token_urlsafe(16), int(time.time())
        kept = Code(user, "", "", asked.auth_time)
        self.state.refreshes[refresh] = kept
        claims = {
            "iss": self.url,
            "aud": "heed",
            "sub": user,
            "iat": now,
            # The test moves its own clock on, never the provider's.
            "exp": now + 3600,
            "auth_time": asked.auth_time,
            "sid": f"session-of-{user}",
            **self.state.users[user],
        }
        if asked.nonce:
            claims["nonce"] = asked.nonce
        changed = {**claims, **self.state.faults.get("claims", {})}
        token = self.sign(
            {name: value for name, value in changed.items() if value is not None},
            self.state.faults.get("key"),
        )
        answer = {"token_type": "Bearer", "access_token": secrets.token_urlsafe(16), "expires_in": 300}
        return {**answer, "refresh_token": refresh, "id_token": token}

    def _asked(self) -> Code:
        given = flask.request.form
        return self.state.codes.get(given.get("code", "")) or self.state.refreshes[given["refresh_token"]]


@contextmanager
def serving(app: Any, port: int, **options: Any) -> Iterator[None]:
    """A WSGI application on a port of this machine until the end of the block."""
    server = make_server("127.0.0.1", port, app, threaded=True, **options)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def _forget(*_: Any) -> None:
    """Access tokens serve nothing here."""


def challenge_of(verifier: str) -> str:
    """What PKCE makes of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
