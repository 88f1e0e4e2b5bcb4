"""What the client's errors mean to a person."""

from kafka import errors

from shared.errors import HeedError, Misconfigured, Unavailable
from shared.messaging.kafka.connection import AWAY, REFUSED

MISSING = "Topics are missing on the bus: run `heed migrate`."
NO_TOPIC = "The user of HEED_BUS_URL has no right to a topic that is needed: see `heed rights`."
NO_GROUP = "The user of HEED_BUS_URL has no right to its group: see `heed rights`."
NO_CLUSTER = "The user of HEED_BUS_URL has no right to manage the bus: run this as the operator's user."
TOO_LARGE = "A fact is larger than the bus takes: raise max.message.bytes of the topic."

LOST = (
    errors.CommitFailedError,
    errors.FencedInstanceIdError,
    errors.IllegalGenerationError,
    errors.UnknownMemberIdError,
)
_MEANINGS: tuple[tuple[type[Exception], HeedError], ...] = (
    (errors.SaslAuthenticationFailedError, Misconfigured(REFUSED)),
    (errors.GroupAuthorizationFailedError, Misconfigured(NO_GROUP)),
    (errors.ClusterAuthorizationFailedError, Misconfigured(NO_CLUSTER)),
    (errors.AuthorizationError, Misconfigured(NO_TOPIC)),
    (errors.UnknownTopicOrPartitionError, Unavailable(MISSING)),
    (errors.MessageSizeTooLargeError, Misconfigured(TOO_LARGE)),
)


def meaning(problem: Exception) -> HeedError:
    """One sentence: Misconfigured when somebody must change something, else Unavailable."""
    for kind, told in _MEANINGS:
        if isinstance(problem, kind):
            return type(told)(str(told))
    return Unavailable(AWAY)
