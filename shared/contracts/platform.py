"""Facts that every service publishes about itself."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.message import Event


@dataclass(frozen=True, kw_only=True)
class AccessRecorded(Event):
    """Somebody looked at, searched or exported personal data, or was refused it.

    `act` is viewed, searched, exported or refused; `subject_kind` and `subject_id` name what (ids only).
    `purpose` is a code, `reason` the person's own words where one is asked.
    """

    name = "access.recorded"
    topic = "heed.{service}.access"
    keyed_by = "actor_id"
    actor_id: str
    act: str
    subject_kind: str
    subject_id: str
    at: datetime
    purpose: str = ""
    reason: str = ""
    result_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConfigurationChanged(Event):
    """An administrator changed a rule. `configuration_id` is authority and kind; `kind` names the rule set,
    `value` is its new content as JSON, whole; `reason` is the administrator's.

    Kind `authority` opens or changes an authority itself: display name, contact route, pooling, theme, the
    terms it begins with; kind `terms` holds those it took since.
    """

    name = "configuration.changed"
    topic = "heed.{service}.configuration"
    keyed_by = "configuration_id"
    configuration_id: str
    kind: str
    value: str
    effective_from: datetime
    changed_by: str
    reason: str = ""
