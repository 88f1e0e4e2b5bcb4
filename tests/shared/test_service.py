"""A service is a value: what it hears is a list that can be read, joined and asked."""

from typing import Any

import services
from shared.contracts.casework import CaseClosed
from shared.contracts.intake import ContactClosed, UserChanged
from shared.contracts.platform import ConfigurationChanged
from shared.service import Subscriptions
from shared.store.transaction import Transaction


def nothing(tx: Transaction[Any], event: Any) -> None:
    """A handler."""


def another(tx: Transaction[Any], event: Any) -> None:
    """Another handler."""


def test_nothing_is_heard_that_nobody_listens_to():
    empty = Subscriptions()
    assert empty.handlers(ContactClosed.name) == ()
    assert empty.heard == empty.topics == frozenset()


def test_one_handler_may_listen_to_several_facts():
    listening = Subscriptions()
    assert listening.on(ContactClosed, CaseClosed)(nothing) is nothing
    assert listening.heard == {"contact.closed", "case.closed"}
    assert listening.topics == {"heed.intake.contact", "heed.casework.case"}


def test_handlers_of_one_fact_run_in_the_order_they_were_named():
    listening = Subscriptions()
    listening.on(ContactClosed)(nothing)
    listening.on(ContactClosed)(another)
    assert listening.handlers("contact.closed") == [nothing, another]


def test_what_the_kernel_hears_comes_before_what_the_service_does():
    kernel, own = Subscriptions(), Subscriptions()
    own.on(UserChanged, CaseClosed)(nothing)
    kernel.on(UserChanged, ConfigurationChanged)(another)
    both = own.with_(kernel)
    assert both.handlers(UserChanged.name) == [another, nothing]
    assert both.heard == own.heard | kernel.heard
    assert both.topics == own.topics | kernel.topics


def test_joining_two_lists_changes_neither():
    kernel, own = Subscriptions(), Subscriptions()
    own.on(UserChanged)(nothing)
    both = own.with_(kernel)
    both.on(UserChanged)(another)
    assert own.handlers(UserChanged.name) == [nothing]
    assert kernel.heard == frozenset()


def test_every_service_is_found_by_its_folder_under_its_own_name():
    assert services.NAMES == ("intake", "casework", "notifications", "search", "reporting")
    assert [services.load(name).name for name in services.NAMES] == list(services.NAMES)
