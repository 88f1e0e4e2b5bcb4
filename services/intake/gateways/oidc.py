"""OpenID Connect: the authorization code flow with PKCE, and nothing taken on trust that came through a
browser.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import RequestException

from services.intake.domain.identity import Ended, Proof, Reading, claim_of
from services.intake.gateways.identity import Challenge, Farewell
from services.intake.gateways.issuer import AWAY, NOT_GENUINE, SET_UP_WRONGLY, TIMEOUT, Issuer
from shared import logs
from shared.errors import NotAllowed, Refused, Unavailable
from shared.settings import Settings

_log = logs.get("identity")
BACK = "/intake/sign-in/return"
LEFT = "/intake/signed-out"
# How long somebody may take at the provider, and how far clocks may differ.
_PATIENCE = timedelta(minutes=10)
_SKEW = timedelta(seconds=60)


class OpenId:
    """Any provider with discovery; connects to it when first asked."""

    def __init__(self, settings: Settings, reading: Reading) -> None:
        self._settings, self._reading = settings, reading
        self._issuer = Issuer(settings.oidc_issuer, settings.oidc_client_id)
        self._public = settings.public_url.rstrip("/")

    def challenge(self, now: datetime, *, afresh: bool = False) -> Challenge:
        """To the provider's page, with a secret of which it sees only the hash."""
        kept = {name: generate_token(48) for name in ("state", "nonce", "verifier")}
        asked = {"prompt": "login", "max_age": "0"} if afresh else {}
        if afresh and self._settings.oidc_step_up_acr:
            asked["acr_values"] = self._settings.oidc_step_up_acr
        address, _ = self._client().create_authorization_url(
            self._issuer.metadata(now)["authorization_endpoint"],
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
            **asked,
        )
        return Challenge(
            address=address, kept={**kept, "at": now.isoformat(), "afresh": "yes" if afresh else ""}
        )

    def verify(self, kept: Mapping[str, str], answer: Mapping[str, str], now: datetime) -> Proof:
        """Exchange the code; only the tokens that come straight from the provider are read."""
        self._check_answer(kept, answer, now)
        token = self._fetch(
            now, grant_type="authorization_code", code=answer["code"], code_verifier=kept["verifier"]
        )
        said = self._issuer.claims(str(token.get("id_token", "")), now, nonce=kept["nonce"])
        if kept["afresh"]:
            self._check_afresh(said, datetime.fromisoformat(kept["at"]))
        return self._proof(token, said, now)

    def again(self, refresh: str, now: datetime) -> Proof:
        """Exchange the refresh token: what was changed or removed at the provider shows here."""
        try:
            token = self._fetch(now, grant_type="refresh_token", refresh_token=refresh)
        except NotAllowed:
            raise Refused("Your sign-in has ended at your organisation. Sign in again.") from None
        coded = str(token.get("id_token", ""))
        said = self._issuer.claims(coded, now) if coded else {}
        # Most providers give a new refresh token with each answer; the others mean the old one.
        return self._proof({"refresh_token": refresh, **token}, said, now)

    def ended(self, notice: str, now: datetime) -> Ended:
        """A logout token of the back channel."""
        said = self._issuer.claims_of_notice(notice, now)
        subject = self._subject(said) if said.get("sub") else ""
        return Ended(subject=subject, session=str(said.get("sid", "")), at=_moment(said["iat"]))

    def farewell(self, hint: str, now: datetime) -> Farewell | None:
        """Its end-session page; the token travels in a form, because an address stays in histories."""
        try:
            address = self._issuer.metadata(now).get("end_session_endpoint")
        except Unavailable:
            return None
        if not address or not hint:
            return None
        fields = {
            "id_token_hint": hint,
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": self._public + LEFT,
        }
        return Farewell(address=address, fields=fields)

    def check(self) -> str:
        """Asks for the metadata and the keys."""
        self._issuer.ask()
        return "the issuer answers"

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret,
            scope=self._settings.oidc_scope,
            redirect_uri=self._public + BACK,
            code_challenge_method="S256",
            token_endpoint_auth_method=self._issuer.client_auth(),
        )

    def _check_answer(self, kept: Mapping[str, str], answer: Mapping[str, str], now: datetime) -> None:
        if not kept or not answer.get("state") or answer["state"] != kept["state"]:
            raise NotAllowed("This sign-in was begun elsewhere. Sign in again from the start.")
        if now - datetime.fromisoformat(kept["at"]) > _PATIENCE:
            raise NotAllowed("This sign-in took too long. Sign in again from the start.")
        if answer.get("error"):
            _log.info("sign_in_refused_by_issuer")
            raise NotAllowed("Your organisation did not let you in. Ask the people who run its accounts.")
        if not answer.get("code") or answer.get("iss", self._issuer.url) != self._issuer.url:
            raise NotAllowed(NOT_GENUINE)

    def _check_afresh(self, said: Mapping[str, Any], begun: datetime) -> None:
        if "auth_time" not in said or _moment(said["auth_time"]) < begun - _SKEW:
            raise NotAllowed("Your organisation did not ask you afresh who you are. Try once more.")
        wanted = self._settings.oidc_step_up_acr
        if wanted and said.get("acr") not in wanted.split():
            raise NotAllowed("This step needs a stronger sign-in, such as your second factor.")

    def _fetch(self, now: datetime, **grant: str) -> dict[str, Any]:
        endpoint = self._issuer.metadata(now)["token_endpoint"]
        try:
            with self._client() as client:
                return dict(client.fetch_token(endpoint, timeout=TIMEOUT, allow_redirects=False, **grant))
        except OAuthError as problem:
            if problem.error == "invalid_grant":
                raise NotAllowed(NOT_GENUINE) from None
            # A secret that has run out is our fault: it must not end the sessions in progress.
            _log.error("issuer_refuses_our_client", reason_code=problem.error)
            raise Unavailable(SET_UP_WRONGLY) from None
        except (RequestException, ValueError):
            self._issuer.rest(now)
            raise Unavailable(AWAY) from None

    def _subject(self, said: Mapping[str, Any]) -> str:
        # Two issuers may give the same id to two people.
        return f"{self._issuer.url} {said['sub']}"

    def _proof(self, token: Mapping[str, Any], said: dict[str, Any], now: datetime) -> Proof:
        if not said or any(claim_of(said, one) is None for one in self._reading.wanted):
            more = self._issuer.userinfo(str(token.get("access_token", "")), now)
            # Another person's answer must not lend somebody a role.
            if said and more.get("sub") not in (None, said["sub"]):
                raise NotAllowed(NOT_GENUINE)
            said = {**more, **said}
        if not said.get("sub"):
            raise NotAllowed(NOT_GENUINE)
        return Proof(
            subject=self._subject(said),
            proved_at=_moment(said["auth_time"]) if "auth_time" in said else now,
            authority=self._reading.authority_of(said),
            claims=self._reading.claims_of(said),
            session=str(said.get("sid", "")),
            hint=str(token.get("id_token", "")),
            refresh=str(token.get("refresh_token", "")),
        )


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
