"""What can go wrong in a way that a person can act on.

The message of each is one plain sentence that says what to do. It never carries a personal value: it reaches
pages, problem documents, command lines, dead letters and logs alike. One place in `shared.web` turns them
into answers, one in `shared.messaging` into the outcomes of a record.
"""


class HeedError(Exception):
    """The family; `status` is the HTTP status of its answer."""

    status = 500


class Refused(HeedError):
    """A rule of the work says no (the case is closed, the outcome is missing)."""

    status = 409


class Invalid(HeedError):
    """Input that does not hold; `fields` maps a field's name to its sentences."""

    status = 422

    def __init__(self, message: str, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class NotFound(HeedError):
    """No such thing for this reader; also the answer for what belongs to another authority or is closed to
    them.
    """

    status = 404


class NotAllowed(HeedError):
    """The reader's role may not do this."""

    status = 403


class Conflict(HeedError):
    """Somebody else changed it in the meantime."""

    status = 412


class Unavailable(HeedError):
    """A part that is needed (bus, index, database, mail) does not answer now; trying later is right."""

    status = 503


class TooOften(HeedError):
    """The same visitor asks more often than one may; `seconds` says when to come back."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Too much came from where you are within a minute. Nothing of this request was kept: go back, "
            f"where your answers still are, and send it again in {seconds} seconds."
        )
        self.seconds = seconds


class Misconfigured(HeedError):
    """The process was started with settings it cannot run with; ends it with exit code 2."""


class NotYet(HeedError):
    """A record speaks of an aggregate of another topic that has not been heard of; `waits_for` is that
    aggregate's key.
    """

    def __init__(self, waits_for: str) -> None:
        super().__init__("It speaks of something that has not arrived yet.")
        self.waits_for = waits_for
