"""Notifications at work between two services that only say what a test tells them to say."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

from flask import Flask
from pypdf import PdfReader
from sqlalchemy import MetaData, select

from services.notifications.actions import recipients
from services.notifications.domain.letter import Stationery
from services.notifications.domain.notice import Notice
from services.notifications.service import SERVICE
from services.notifications.store import notices
from services.notifications.store.notices import Wanted
from shared.actor import Actor, Scope
from shared.clock import LONDON
from shared.contracts.message import Event, Origin, decode
from shared.contracts.platform import ConfigurationChanged
from shared.region import Stepper, open_region
from shared.runtime import Carrier
from shared.service import Service, Subscriptions
from shared.settings import Settings
from shared.store.publication import journal_place
from shared.store.tables import journal
from shared.store.transaction import Transaction
from shared.vocabulary import Role
from tests.moulds import cast
from tests.platform import Letterbox, SetClock

E = TypeVar("E", bound=Event)
OFFICER = Actor("officer-1", frozenset({Role.OFFICER}), "An officer")
MANAGER = Actor("manager-1", frozenset({Role.MANAGER}), "A manager")


class Bureau:
    """Intake, casework and search are mouthpieces, notifications is the real one."""

    def __init__(self, settings: Settings, clock: SetClock, carrier: Carrier | None = None) -> None:
        self.clock = clock
        self.letterbox = Letterbox()
        silent = ("intake", "casework", "search")
        mouthpieces = [Service(name, MetaData(), Subscriptions(), tuple) for name in silent]
        present = [*mouthpieces, SERVICE]
        cast(present, settings)
        self.region = open_region(settings, present, carrier or self.letterbox, clock)
        self.stepper = Stepper(self.region)
        for code in ("dorset", "wiltshire"):
            self.configure("authority", {"display_name": f"{code.capitalize()} Council"}, code, settle=False)
        self.settle()

    def say(
        self, *events: Event, authority: str = "dorset", origin: Origin = Origin.LIVE, settle: bool = True
    ) -> None:
        """The owner of each fact publishes it; then everything settles."""
        past = self.clock() if origin in {Origin.IMPORT, Origin.DEMO} else None
        for event in events:
            scope = Scope(authority, Actor("system:test"), "thread-1", origin, past)
            with self.region[event.topic.split(".")[1]].database.transaction(scope) as tx:
                tx.publish(event)
        if settle:
            self.settle()

    def configure(self, kind: str, value: Any, authority: str = "dorset", *, settle: bool = True) -> None:
        """An administrator of the front door changes a rule set."""
        change = ConfigurationChanged(
            configuration_id=f"{authority}/{kind}", kind=kind, value=json.dumps(value),
            effective_from=self.clock(), changed_by="admin-1",
        )  # fmt: skip
        scope = Scope(authority, Actor("system:test"), "thread-1")
        with self.region["intake"].database.transaction(scope) as tx:
            tx.publish(change)
        if settle:
            self.settle()

    def settle(self, *, pumps: bool = True) -> None:
        """Until nothing moves."""
        self.stepper.settle(pumps=pumps)

    @contextmanager
    def as_(
        self, actor: Actor = OFFICER, authority: str = "dorset", origin: Origin = Origin.LIVE
    ) -> Iterator[Transaction[Stationery]]:
        """A transaction of notifications."""
        past = self.clock() if origin in {Origin.IMPORT, Origin.DEMO} else None
        scope = Scope(authority, actor, "thread-2", origin, past)
        with self.region["notifications"].database.transaction(scope) as tx:
            yield tx

    def all(self, authority: str = "dorset") -> list[Notice]:
        """Every notice of an authority, whole."""
        scope = Scope(authority, OFFICER, "thread-2")
        with self.region["notifications"].database.reading(scope) as tx:
            today = tx.now.astimezone(LONDON).date()
            found = notices.list_some(tx, Wanted(), today, offset=0, limit=1000)
            return sorted(
                (notices.get(tx, one.id) for one in found), key=lambda one: (one.rule, one.adult_id)
            )

    def notice(self, rule: str) -> Notice:
        """The only notice of a rule."""
        (found,) = [one for one in self.all() if one.rule == rule]
        return found

    def vouch(self, kind: str, email: str = "notices@body.example") -> None:
        """Somebody confirms a recipient."""
        with self.as_(MANAGER) as tx:
            recipients.confirm_recipient(tx, kind, 0, "A body", email, "Their own site")

    def published(self, kind: type[E]) -> list[E]:
        """The facts of one kind that notifications has said, in order."""
        database = self.region["notifications"].database
        with database.plumbing(writing=False) as db:
            rows = db.execute(select(journal).order_by(journal.c.position)).all()
        found: list[E] = []
        for row in rows:
            place = f"notifications/{journal_place(row.event_id)}"
            event = decode(database.tools.vault.open(row.authority, place, row.body)).event()
            if isinstance(event, kind):
                found.append(event)
        return found

    @cached_property
    def apps(self) -> dict[str, Flask]:
        """Its web side, for a page client."""
        from shared.web.app import create_app

        return {"notifications": create_app(self.region["notifications"])}

    def close(self) -> None:
        """Give everything back."""
        self.stepper.close()
        self.region.close()


def words_of(content: bytes) -> str:
    """All words of a PDF, with single spaces."""
    reader = PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
