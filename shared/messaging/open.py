"""Which bus the settings ask for."""

from shared.messaging.ports import Log
from shared.settings import Settings


def open_log(settings: Settings) -> Log:
    """The adapter for `HEED_BUS_URL`; the Kafka client is only loaded when asked for."""
    if settings.bus_url.startswith("sqlite:///"):
        from shared.messaging.embedded import EmbeddedLog

        return EmbeddedLog(settings.bus_url.removeprefix("sqlite:///"))
    from shared.messaging.kafka import KafkaLog

    return KafkaLog(settings)
