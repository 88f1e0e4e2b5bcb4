"""What a provider's words mean here; and the port of identity, on each of its adapters."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from services.intake.domain.identity import NONE, Proof, Reading
from services.intake.gateways import open_identity
from services.intake.gateways.identity import Identity
from shared.cli.private import free_port
from shared.errors import NotAllowed, Refused
from shared.settings import from_environment
from shared.vocabulary import Role
from tests.intake.issuer import SECRET, Provider, serving

PLAIN = Reading(authority_claim="heed_authority", roles_claim="heed_roles")
KEYCLOAK = Reading(
    authority_claim="department",
    roles_claim="realm_access.roles",
    authorities={"Dorset Council": "dorset"},
    roles={"LADO team": "officer", "LADO managers": "manager"},
)
SAID = {
    "department": "Dorset Council",
    "realm_access": {"roles": ["LADO team", "LADO managers", "offline_access"]},
    "name": "Meera Holloway",
    "email": "meera@dorset.example",
}


def test_a_path_leads_to_a_claim_and_a_mapping_to_our_words():
    assert KEYCLOAK.authority_of(SAID) == "dorset"
    assert KEYCLOAK.claims_of(SAID).roles == frozenset({Role.OFFICER, Role.MANAGER})


def test_a_name_with_dots_goes_before_a_path():
    reading = Reading(authority_claim="heed_authority", roles_claim="https://heed.example/roles")
    assert reading.claims_of({"https://heed.example/roles": "auditor"}).roles == frozenset({Role.AUDITOR})


def test_with_a_mapping_a_word_of_ours_means_nothing_by_itself():
    with pytest.raises(NotAllowed, match="no role in Heed"):
        KEYCLOAK.claims_of({**SAID, "realm_access": {"roles": ["officer"]}})
    with pytest.raises(NotAllowed, match="names no authority"):
        KEYCLOAK.authority_of({**SAID, "department": "dorset"})


@pytest.mark.parametrize(("said", "believed"), [(True, True), ("true", True), ("yes", False), (None, False)])
def test_an_address_counts_as_checked_only_by_a_plain_yes(said: Any, believed: bool):
    given = {"heed_roles": ["officer"], "email": "m@dorset.example", "email_verified": said}
    assert PLAIN.claims_of(given).email_verified is believed


def test_where_roles_are_given_here_the_claims_need_none():
    reading = Reading(authority_claim="heed_authority", roles_claim=NONE)
    assert reading.authority_of({}) == ""
    assert reading.claims_of({}).roles is None


@pytest.fixture(params=["demo", "openid"])
def answered(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Identity, Callable[[], Proof]]]:
    """An adapter, and somebody who proves to it who they are."""
    port = free_port()
    provider = Provider(port, "http://127.0.0.1:8000/intake/sign-in/return")
    provider.state.users["s-1"] = {"heed_authority": "dorset", "heed_roles": ["officer"]}
    provider.state.sits_there = "s-1"
    names = {"ISSUER": provider.url, "CLIENT_ID": "heed", "CLIENT_SECRET": SECRET}
    oidc = {f"HEED_OIDC_{name}": value for name, value in names.items()}
    real = request.param == "openid"
    port_of = open_identity(from_environment({"HEED_DATA": str(tmp_path), **(oidc if real else {})}))

    def prove() -> Proof:
        now = datetime.now(UTC)
        asked = port_of.challenge(now)
        answer = {"authority": "dorset", "user_id": "s-1"}
        if real:
            back = requests.get(asked.address, allow_redirects=False, timeout=10).headers["Location"]
            answer = dict(parse_qsl(urlsplit(back).query))
        return port_of.verify(asked.kept, answer, now)

    with serving(provider.app, port):
        yield port_of, prove


def test_who_proves_it_is_somebody_of_an_authority(answered: tuple[Identity, Callable[[], Proof]]):
    proof = answered[1]()
    assert proof.authority == "dorset"
    assert proof.subject.endswith("s-1")


def test_an_empty_answer_proves_nothing(answered: tuple[Identity, Callable[[], Proof]]):
    with pytest.raises(NotAllowed):
        answered[0].verify({}, {}, datetime.now(UTC))


def test_nothing_is_learnt_and_nobody_signed_out_by_an_invented_token(
    answered: tuple[Identity, Callable[[], Proof]],
):
    now = datetime.now(UTC)
    with pytest.raises(Refused):
        answered[0].again("invented", now)
    with pytest.raises(NotAllowed):
        answered[0].ended("invented", now)


def test_no_hint_no_farewell_and_the_doctor_hears_that_it_is_there(
    answered: tuple[Identity, Callable[[], Proof]],
):
    assert answered[0].farewell("", datetime.now(UTC)) is None
    assert answered[0].check()
