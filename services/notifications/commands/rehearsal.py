"""Invented duties: advised within a day, most of them sent by their own bodies and acknowledged, a few left
open.

The course of a notice follows from its reference and rule. Nothing leaves: histories queue no letters.
"""

import random
from datetime import datetime, timedelta

from services.notifications.actions.notices import Seen, acknowledge, advise, record_sent_by_hand
from services.notifications.domain.notice import Method, Notice
from services.notifications.store import notices
from shared import replicas
from shared.service import Stage

TURN = 60
_SETTLED = timedelta(days=12)
_OWN = "lado"
_LEFT_OPEN = 0.08


def rehearse(stage: Stage) -> int:
    """Deal with up to `TURN` more duties in each authority. Returns how many acts were played."""
    with stage.transaction("", stage.now) as tx:
        codes = [one.code for one in replicas.authorities(tx)]
    return sum(_authority(stage, code) for code in codes)


def _authority(stage: Stage, authority: str) -> int:
    with stage.transaction(authority, stage.now) as tx:
        found = notices.list_unplayed(tx, before=stage.now - _SETTLED, limit=TURN)
    return sum(_play(stage, authority, notice) for notice in found)


def _play(stage: Stage, authority: str, notice: Notice) -> int:
    chance = random.Random(f"duty/{notice.reference}/{notice.rule}")
    moment = notice.raised_at + timedelta(hours=chance.randint(1, 20))
    left_open = notice.duty_of != _OWN and chance.random() < _LEFT_OPEN
    if notice.duty_of != _OWN:
        notice = _advise(stage, authority, notice, moment)
    if left_open:
        return 1
    _send(stage, authority, notice, moment + timedelta(days=chance.randint(1, 9)))
    return 3


def _advise(stage: Stage, authority: str, notice: Notice, at: datetime) -> Notice:
    with stage.transaction(authority, at) as tx:
        return advise(
            tx,
            Seen(notice.id, notice.version),
            "You have to tell them; the law and our guidance are attached.",
        )


def _send(stage: Stage, authority: str, notice: Notice, at: datetime) -> None:
    with stage.transaction(authority, at) as tx:
        seen = Seen(notice.id, notice.version)
        sent = record_sent_by_hand(tx, seen, Method.PORTAL, "Receipt number given by their portal.", at)
    with stage.transaction(authority, at + timedelta(days=1)) as tx:
        acknowledge(tx, Seen(sent.id, sent.version), "They confirmed that they have it.", tx.now)
