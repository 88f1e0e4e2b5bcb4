"""What every service keeps of the front door's facts: authorities, users, ended sessions, configuration,
restrictions.

Filled from the bus by subscriptions that every service gets; the deciding service applies its own change at
once instead, and passes over the fact when it comes back. Rows are whole states, so a repeated fact changes
nothing.
"""

from shared.replicas.changes import (
    Version,
    change_configuration,
    configuration_begins,
    configuration_versions,
)
from shared.replicas.region import (
    TERMS,
    Authority,
    apply_configuration,
    authorities,
    authority,
    configuration,
)
from shared.replicas.restrictions import (
    closed_to,
    closed_to_anybody,
    closed_to_reader,
    is_restricted,
    open_to,
    open_to_reader,
    restrict,
    restricted_among,
    seen_by,
)
from shared.replicas.tables import metadata, subscriptions
from shared.replicas.users import (
    ANY,
    User,
    apply_session_end,
    apply_user,
    colleagues,
    display_names,
    forget_ended_sessions,
    session_ended,
    user,
)

__all__ = [
    "ANY",
    "TERMS",
    "Authority",
    "User",
    "Version",
    "apply_configuration",
    "apply_session_end",
    "apply_user",
    "authorities",
    "authority",
    "change_configuration",
    "closed_to",
    "closed_to_anybody",
    "closed_to_reader",
    "colleagues",
    "configuration",
    "configuration_begins",
    "configuration_versions",
    "display_names",
    "forget_ended_sessions",
    "is_restricted",
    "metadata",
    "open_to",
    "open_to_reader",
    "restrict",
    "restricted_among",
    "seen_by",
    "session_ended",
    "subscriptions",
    "user",
]
