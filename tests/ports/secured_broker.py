"""A broker as a region would run it: TLS only, SCRAM users, and no right that was not given."""

import os
import socket
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[2]
OPERATOR, PASSWORD = "operator", "An-operator's/password"
HERE = "127.0.0.1"
_CLUSTER = "5L6g3nShT-eMCtK--X86sw"
_PATIENCE = 90.0


def lab() -> Path:
    """The folder that has Kafka's own programs; without it the test is skipped."""
    found = Path(os.environ.get("HEED_LAB", ROOT.parent / "shared" / "lab"))
    if not (found / "servers").exists():
        pytest.skip("no lab to take Kafka's programs from (HEED_LAB)")
    return found


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def make_certificate(folder: Path) -> None:
    """`authority.pem`, and a key with its certificate for 127.0.0.1 in `broker.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Broker for tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(certificate)
    (folder / "broker.pem").write_bytes(private + certificate)


@dataclass
class SecuredBroker:
    """One process of Kafka in a folder of its own."""

    folder: Path
    ports: list[int] = field(default_factory=lambda: free_ports(2))
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where clients come."""
        return f"127.0.0.1:{self.ports[0]}"

    def url(self, user: str = OPERATOR, password: str = PASSWORD) -> str:
        """What HEED_BUS_URL would be for this user."""
        return f"kafkas://{user}:{quote(password, safe='')}@{self.address}?cafile={self.folder}/authority.pem"

    def start(self) -> None:
        """Certificates, storage with the operator's credentials, the process; ready when it returns."""
        make_certificate(self.folder)
        conf = self.folder / "server.properties"
        conf.write_text("".join(f"{name}={value}\n" for name, value in self._properties().items()))
        user = f"SCRAM-SHA-512=[name={OPERATOR},password={PASSWORD}]"
        subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c", str(conf), "-S", user],
            check=True, capture_output=True, timeout=_PATIENCE,
        )  # fmt: skip
        self.run()

    def run(self) -> None:
        """The process, on what is in the folder."""
        with (self.folder / "log").open("wb") as log:
            command = [*self._java(), "kafka.Kafka", str(self.folder / "server.properties")]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._await()

    def kill(self) -> None:
        """A crash."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)

    def _java(self) -> list[str]:
        place = lab()
        jars = subprocess.run(
            [str(place / "servers"), "jars", "kafka"], check=True, capture_output=True, text=True, timeout=300
        ).stdout.strip()
        logging = f"-Dlog4j2.configurationFile={place / 'images/kafka/log4j2.yaml'}"
        return ["java", "-Xms128m", "-Xmx512m", logging, "-cp", f"{jars}/*"]

    def _await(self) -> None:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if "Kafka Server started" in (self.folder / "log").read_text(errors="replace"):
                return
            time.sleep(0.2)
        raise AssertionError("The secured broker did not start.")

    def _properties(self) -> dict[str, str]:
        broker, controller = self.ports
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{HERE}:{controller}",
            "listeners": f"SASL_SSL://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"SASL_SSL://127.0.0.1:{broker}",
            "inter.broker.listener.name": "SASL_SSL",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required "
                f'username="{OPERATOR}" password="{PASSWORD}";'
            ),
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": f"{self.folder}/broker.pem",
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": f"{self.folder}/authority.pem",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{OPERATOR};User:ANONYMOUS",
            "auto.create.topics.enable": "false",
            "log.dirs": f"{self.folder}/data",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "3",
            "group.initial.rebalance.delay.ms": "0",
        }
