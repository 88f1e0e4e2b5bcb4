"""The topics as Heed needs them: made when they are missing, checked when they are there."""

from collections.abc import Collection
from typing import Any

from kafka import TopicPartition, errors
from kafka.admin import ConfigResource

from shared.errors import Misconfigured, Unavailable
from shared.messaging.kafka.faults import MISSING, NO_CLUSTER, NO_GROUP
from shared.messaging.ports import Use

PARTITIONS = 6
KEPT_MILLISECONDS = 30 * 86_400_000
ANSWER = 10_000
# In place of an offset.
_TO_THE_END = -1


def create(admin: Any, topics: Collection[str]) -> None:
    """Those that are missing, replicated as widely as the cluster allows up to three."""
    missing = sorted(set(topics) - set(admin.list_topics()))
    if not missing:
        return
    brokers = brokers_of(admin)
    wanted = {
        topic: {
            "num_partitions": PARTITIONS,
            "replication_factor": min(3, brokers),
            "configs": _configuration(brokers),
        }
        for topic in missing
    }
    try:
        admin.create_topics(wanted, timeout_ms=ANSWER, wait_for_metadata=True)
    except errors.TopicAlreadyExistsError:
        # Another `heed migrate` was quicker.
        return


def check_kept(admin: Any, topics: Collection[str]) -> None:
    """Raises Misconfigured for one that has too few partitions, or is kept longer, shorter or less safely
    than promised."""
    wanted = _configuration(brokers_of(admin))
    resources = [ConfigResource("topic", name, list(wanted)) for name in sorted(topics)]
    kept = admin.describe_configs(resources, config_filter="all").get("topic", {}) if resources else {}
    for topic in _described(admin, topics):
        name = topic["name"]
        if len(topic["partitions"]) < PARTITIONS:
            raise Misconfigured(
                f"The topic {name} has {len(topic['partitions'])} partitions and needs {PARTITIONS}: remove "
                "it while no worker runs, then run `heed migrate`."
            )
        _check_values(name, {key: one["value"] for key, one in kept.get(name, {}).items()}, wanted)


def check_use(admin: Any, use: Use) -> None:
    """Whether the user of this connection may write, read and join what a service needs. Raises
    Misconfigured, or Unavailable for topics that are missing."""
    for topic in _described(admin, use.writes | use.reads):
        allowed, name = topic["authorized_operations"] or (), topic["name"]
        for operation, names in (("WRITE", use.writes), ("READ", use.reads)):
            if name in names and operation not in allowed:
                verb = "write" if operation == "WRITE" else "read"
                raise Misconfigured(f"The user of HEED_BUS_URL may not {verb} {name}: see `heed rights`.")
    group = admin.describe_groups([use.group])[use.group]
    # Of a group that nobody has joined yet the brokers say nothing but whether this user may ask.
    if group["error"] is None and "READ" not in (group["authorized_operations"] or ()):
        raise Misconfigured(NO_GROUP)


def empty(admin: Any, topics: Collection[str]) -> None:
    """Remove every record that is there; offsets go on. Raises Misconfigured when this user may not."""
    places = {}
    for topic in _described(admin, topics):
        # Asked first: the client tells of several partitions that are refused without saying why.
        if "DELETE" not in (topic["authorized_operations"] or ()):
            raise Misconfigured(NO_CLUSTER)
        for part in topic["partitions"]:
            places[TopicPartition(topic["name"], part["partition_index"])] = _TO_THE_END
    admin.delete_records(places)


def brokers_of(admin: Any) -> int:
    """How many brokers the cluster has."""
    return len(admin.describe_cluster()["brokers"])


def present(admin: Any, topics: Collection[str]) -> dict[str, list[int]]:
    """The partitions of those that are there."""
    return {
        one["name"]: [part["partition_index"] for part in one["partitions"]]
        for one in admin.describe_topics(sorted(topics))
        if not one["error_code"]
    }


def _described(admin: Any, topics: Collection[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.describe_topics(sorted(topics)) if topics else []
    for one in found:
        code = one["error_code"]
        if code == errors.TopicAuthorizationFailedError.errno:
            raise Misconfigured(f"The user of HEED_BUS_URL has no right to {one['name']}: see `heed rights`.")
        if code:
            raise Unavailable(MISSING)
    return found


def _check_values(name: str, kept: dict[str, str], wanted: dict[str, str]) -> None:
    if not kept:
        raise Misconfigured(NO_CLUSTER)
    for key, value in wanted.items():
        if not _enough(key, kept[key], value):
            raise Misconfigured(
                f"The topic {name} has {key}={kept[key]} and needs {value}: change it with kafka-configs "
                f"--alter --topic {name} --add-config {key}={value}."
            )


def _enough(key: str, kept: str, wanted: str) -> bool:
    return int(kept) >= int(wanted) if key in _AT_LEAST else kept == wanted


_AT_LEAST = ("max.message.bytes", "min.insync.replicas")


def _configuration(brokers: int) -> dict[str, str]:
    return {
        "retention.ms": str(KEPT_MILLISECONDS),
        "cleanup.policy": "delete",
        "max.message.bytes": "1048576",
        "min.insync.replicas": "2" if brokers >= 3 else "1",
        # Rather no bus for a while than one that forgot facts which services already acted on.
        "unclean.leader.election.enable": "false",
    }
