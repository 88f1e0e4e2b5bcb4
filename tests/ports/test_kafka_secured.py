"""A broker with TLS, users and rights: each service may do what its contracts say and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import services
from shared.contracts import all_topics
from shared.errors import Misconfigured
from shared.messaging.kafka import KafkaLog
from shared.messaging.kafka.rights import grant
from shared.messaging.ports import Message, Use
from shared.messaging.uses import use_of
from shared.runtime import with_kernel
from tests.ports.secured_broker import SecuredBroker
from tests.ports.test_log import drain, values

pytestmark = pytest.mark.servers
CONTACT = "heed.intake.contact"
CASE = "heed.casework.case"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    """With all topics, users and rights, made as the operator would."""
    made = SecuredBroker(tmp_path_factory.mktemp("broker"))
    try:
        made.start()
        (made.folder / "passwords").mkdir()
        log = KafkaLog.at(made.url())
        log.ensure(all_topics())
        log.close()
        grant(made.url(), list(uses().values()), made.folder / "passwords")
        yield made
    finally:
        made.kill()


def uses() -> dict[str, Use]:
    return {name: use_of(with_kernel(services.load(name))) for name in services.NAMES}


def url_of(broker: SecuredBroker, service: str) -> str:
    return broker.url(service, (broker.folder / "passwords" / f"{service}.password").read_text())


@pytest.fixture
def opened(broker: SecuredBroker) -> Iterator["Opener"]:
    made = Opener(broker)
    yield made
    for log in made.logs:
        log.close()


class Opener:
    """The bus as a service sees it."""

    def __init__(self, broker: SecuredBroker) -> None:
        self.broker = broker
        self.logs: list[KafkaLog] = []

    def __call__(self, service: str) -> KafkaLog:
        self.logs.append(KafkaLog.at(url_of(self.broker, service), delivery=5_000))
        return self.logs[-1]


@pytest.mark.parametrize("name", services.NAMES)
def test_each_service_may_do_what_its_contracts_say(opened: Opener, name: str):
    log = opened(name)
    log.check(uses()[name])
    assert {one.topic for one in log.standing(name, uses()[name].reads)} == uses()[name].reads


def test_what_the_owner_writes_the_listener_reads(opened: Opener):
    opened("intake").append([Message(CONTACT, "c-1", b"1")])
    reader = opened("casework").reader("casework", [CONTACT], "casework-0")
    assert values(drain(reader, 1), "c-1") == [1]
    reader.commit()
    reader.close()


def test_nobody_but_the_owner_writes(opened: Opener):
    with pytest.raises(Misconfigured, match="no right to a topic"):
        opened("casework").append([Message(CONTACT, "c-1", b"1")])
    with pytest.raises(Misconfigured, match=f"may not write {CONTACT}"):
        opened("casework").check(Use("casework", frozenset({CONTACT}), frozenset()))


def test_nobody_reads_in_the_group_of_another(opened: Opener):
    with pytest.raises(Misconfigured, match="no right to its group"):
        drain(opened("intake").reader("casework", [CASE], "casework-0"), 1, seconds=10)
    with pytest.raises(Misconfigured, match="no right to its group"):
        opened("intake").check(Use("casework", frozenset(), frozenset({CASE})))


def test_what_a_service_does_not_hear_it_may_not_read(opened: Opener):
    unheard = min(all_topics() - uses()["intake"].reads - uses()["intake"].writes)
    with pytest.raises(Misconfigured, match=f"no right to {unheard}"):
        opened("intake").check(Use("intake", frozenset(), frozenset({unheard})))


def test_a_service_makes_no_topics(opened: Opener):
    with pytest.raises(Misconfigured):
        opened("intake").ensure(["heed.intake.invention"])


def test_a_service_removes_nothing_from_the_bus(opened: Opener):
    with pytest.raises(Misconfigured, match="as the operator's user"):
        opened("intake").forget([CONTACT])


def test_a_wrong_password_is_told_in_words(broker: SecuredBroker):
    with pytest.raises(Misconfigured, match="check the user and the password"):
        KafkaLog.at(broker.url("intake", "wrong")).check(uses()["intake"])


def test_a_connection_in_the_clear_is_told_in_words(broker: SecuredBroker):
    with pytest.raises(Misconfigured, match="want TLS"):
        KafkaLog.at(f"kafka://{broker.address}").check(uses()["intake"])


def test_a_certificate_of_nobody_known_is_told_in_words(broker: SecuredBroker):
    with pytest.raises(Misconfigured, match="is not trusted"):
        KafkaLog.at(broker.url().partition("?")[0]).check(uses()["intake"])


def test_users_and_rights_may_be_granted_again(broker: SecuredBroker, opened: Opener):
    assert grant(broker.url(), list(uses().values()), broker.folder / "passwords") > 50
    opened("search").check(uses()["search"])


def test_a_service_may_not_grant_rights(broker: SecuredBroker):
    with pytest.raises(Misconfigured):
        grant(url_of(broker, "intake"), list(uses().values()), broker.folder / "passwords")


def heed(folder: Path, url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "HEED_DATA": str(folder), "HEED_BUS_URL": url}
    command = [sys.executable, "-m", "shared.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)


def test_a_worker_with_a_wrong_password_ends_with_one_sentence(broker: SecuredBroker, tmp_path: Path):
    assert heed(tmp_path, broker.url(), "migrate").returncode == 0
    found = heed(tmp_path, broker.url("casework", "wrong"), "worker", "casework")
    assert found.returncode == 2
    sentences = [line for line in found.stderr.splitlines() if line.startswith("heed: ")]
    assert sentences == [
        "heed: The bus refuses to sign this process in: check the user and the password in HEED_BUS_URL."
    ]
