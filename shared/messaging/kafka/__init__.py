"""The bus of a region: Kafka through kafka-python, behind the same port and suite as the embedded log.

What the client does not do by itself is done here: a failed future throws the producer away (an idempotent
producer whose batch expired never recovers), back-off is capped at a second, offsets are committed by hand
after the database's commit, membership is static, a position that stands still is noticed, and its loggers
say nothing below INFO, because DEBUG prints records.
"""

import logging

from shared.messaging.kafka.log import KafkaLog

__all__ = ["KafkaLog"]

logging.getLogger("kafka").setLevel(logging.INFO)
