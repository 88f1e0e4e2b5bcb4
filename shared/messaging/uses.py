"""What each service does on the bus, computed from the contracts and from what it hears."""

from shared.contracts import PUBLISHERS, topics_owned_by
from shared.messaging.ports import Use
from shared.service import Service


def use_of(service: Service) -> Use:
    """Of a service as it runs, with the kernel's own subscriptions; a topic with `{service}` stands for those
    of all publishers."""
    topics = service.subscriptions.topics
    heard = frozenset(topic.replace("{service}", name) for topic in topics for name in PUBLISHERS)
    return Use(service.name, topics_owned_by(service.name), heard)
