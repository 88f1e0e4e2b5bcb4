"""What an issuer publishes (metadata, keys) and the tokens it signs.

Keys are changed without notice: a token that no known key opens is tried once more with keys asked for anew,
not oftener than every few seconds, so that forged tokens cannot make us pester the issuer.
"""

import threading
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from shared import logs
from shared.errors import NotAllowed, Unavailable

_log = logs.get("identity")
TIMEOUT = 4.0
_LEEWAY = 60
_KEPT = timedelta(hours=1)
_KEYS_AT_MOST_EVERY = timedelta(seconds=10)
_REST = timedelta(seconds=20)
_NOTICE_LIFE = timedelta(minutes=5)
_NOTICE = "http://schemas.openid.net/event/backchannel-logout"
# Signatures that only the issuer can make; with a shared secret anybody who holds it could.
_ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OURS = (*_NEEDED, "userinfo_endpoint", "end_session_endpoint")
AWAY = "The sign-in of your organisation does not answer now. Try again in a few minutes."
SET_UP_WRONGLY = "The sign-in of your organisation is set up wrongly. Tell whoever runs this region."
NOT_GENUINE = "This sign-in cannot be accepted. Sign in again from the start."


class Issuer:
    """One issuer, as far as it is known by now."""

    def __init__(self, url: str, client_id: str) -> None:
        self.url, self._client_id = url, client_id
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] = {}
        self._keys: Any = None
        self._metadata_at: datetime | None = None
        self._keys_at: datetime | None = None
        self._resting_until: datetime | None = None

    def metadata(self, now: datetime) -> dict[str, Any]:
        """The metadata, asked for anew each hour. Raises Unavailable."""
        with self._lock:
            if self._metadata_at is None or not timedelta(0) <= now - self._metadata_at < _KEPT:
                self._refuse_while_resting(now)
                try:
                    self._metadata, self._metadata_at = self._discovered(), now
                except Unavailable:
                    self._resting_until = now + _REST
                    raise
            return self._metadata

    def ask(self) -> None:
        """Ask for metadata and keys whatever is known. Raises Unavailable."""
        _keys(self._get(self._discovered()["jwks_uri"]))

    def rest(self, now: datetime) -> None:
        """It did not answer: sessions in progress do not wait for it for a while."""
        self._resting_until = now + _REST
        self._metadata_at = None

    def client_auth(self) -> str:
        """How it wants our secret: in the header, unless it says that it takes it in the form only."""
        ways = self._metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"

    def claims(self, token: str, now: datetime, *, nonce: str = "") -> dict[str, Any]:
        """The claims of a genuine ID token for us. Raises NotAllowed."""
        # A fresh table each time: the library takes things out of it.
        wanted = {
            "iss": {"essential": True, "value": self.url},
            "aud": {"essential": True, "value": self._client_id},
        }
        signed = self._opened(token, now)
        found = CodeIDToken(
            signed.claims, signed.header, wanted, {"nonce": nonce, "client_id": self._client_id}
        )
        try:
            found.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except JoseError as problem:
            raise _forged(problem) from None
        return dict(found)

    def claims_of_notice(self, token: str, now: datetime) -> dict[str, Any]:
        """The claims of a genuine logout token for us. Raises NotAllowed."""
        signed = self._opened(token, now)
        rules = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.url},
            aud={"essential": True, "value": self._client_id},
            iat={"essential": True},
            jti={"essential": True},
        )
        said: dict[str, Any] = signed.claims
        try:
            rules.validate(said)
        except JoseError as problem:
            raise _forged(problem) from None
        events = said.get("events")
        # An ID token is no order to sign somebody out: it lacks the event, and carries a nonce.
        is_notice = isinstance(events, dict) and _NOTICE in events and "nonce" not in said
        is_old = now.timestamp() - said["iat"] > _NOTICE_LIFE.total_seconds()
        if not is_notice or is_old or not (said.get("sub") or said.get("sid")):
            raise NotAllowed(NOT_GENUINE)
        return said

    def userinfo(self, access_token: str, now: datetime) -> dict[str, Any]:
        """What it says of the holder of an access token; nothing where it has no such page."""
        address = self.metadata(now).get("userinfo_endpoint")
        if not address or not access_token:
            return {}
        return self._get(address, {"Authorization": f"Bearer {access_token}"})

    def _opened(self, token: str, now: datetime) -> Any:
        for keys in (self._known_keys(now), self._newer_keys(now)):
            if keys is None:
                continue
            try:
                return jwt.decode(token, keys, registry=self._registry())
            except (JoseError, ValueError) as problem:
                fault = problem
        raise _forged(fault)

    def _registry(self) -> JWSRegistry:
        offered = self._metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        return JWSRegistry(algorithms=sorted(_ALGORITHMS.intersection(offered)), strict_check_header=False)

    def _known_keys(self, now: datetime) -> Any:
        return self._keys if self._keys is not None else self._newer_keys(now)

    def _newer_keys(self, now: datetime) -> Any:
        with self._lock:
            asked = self._keys_at
            if asked is not None and timedelta(0) <= now - asked < _KEYS_AT_MOST_EVERY:
                return None
            self._keys_at = now
        self._keys = _keys(self._get(self.metadata(now)["jwks_uri"]))
        return self._keys

    def _refuse_while_resting(self, now: datetime) -> None:
        if self._resting_until is not None and now < self._resting_until:
            raise Unavailable(AWAY)

    def _discovered(self) -> dict[str, Any]:
        found = self._get(f"{self.url.rstrip('/')}/.well-known/openid-configuration")
        scheme = urlsplit(self.url).scheme
        complete = all(found.get(name) for name in _NEEDED)
        # An issuer that speaks of itself over TLS must not send our secret over anything less.
        alike = all(urlsplit(str(found[name])).scheme == scheme for name in _OURS if found.get(name))
        if found.get("issuer") != self.url or not complete or not alike:
            _log.error("issuer_metadata_does_not_fit")
            raise Unavailable(SET_UP_WRONGLY)
        return found

    def _get(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = requests.get(address, headers=headers, timeout=TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (RequestException, ValueError):
            raise Unavailable(AWAY) from None
        return found if isinstance(found, dict) else {}


def _keys(said: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set({"keys": said["keys"]})
    except (JoseError, KeyError, ValueError, TypeError):
        raise Unavailable(SET_UP_WRONGLY) from None


def _forged(problem: Exception) -> NotAllowed:
    _log.warning("token_not_genuine", fault=type(problem).__name__)
    return NotAllowed(NOT_GENUINE)
