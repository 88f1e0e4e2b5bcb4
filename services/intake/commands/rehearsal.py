"""Intake's part of an invented history: authorities and accounts, then contacts with their decisions and
advice.
"""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from uuid import NAMESPACE_URL, uuid5

from services.intake.actions.advice import Wording, send_advice
from services.intake.actions.configuration import open_authority
from services.intake.actions.contacts import receive_contact, take_contact
from services.intake.actions.drafts import keep_file
from services.intake.actions.threshold import decide_threshold
from services.intake.actions.users import add_user
from services.intake.commands.world import SEED, Story, World
from services.intake.domain.contact import Contact
from services.intake.domain.region import AuthorityRecord
from services.intake.domain.report import Attached, Report
from services.intake.domain.session import User
from services.intake.domain.threshold import Judgement
from services.intake.store import contacts
from shared import replicas
from shared.clock import LONDON
from shared.service import Stage
from shared.store.transaction import Transaction
from shared.vocabulary import Decision, Role

TURN = 200
YEARS = timedelta(days=3 * 365)
_FRESH = timedelta(hours=30)
# Whatever the day, the demo opens on an inbox with something in it.
_LATEST, _APART = 20, timedelta(minutes=80)
_STILL_OPEN = 0.7
_WITH_A_FILE = 40
_REGION = "dorset"
_ROLES = (Role.COORDINATOR, Role.MANAGER, Role.AUDITOR, Role.ANALYST, Role.ADMINISTRATOR, Role.OPERATOR)
_PEOPLE = {
    Role.COORDINATOR: "Holly Brook",
    Role.MANAGER: "Martin Vale",
    Role.AUDITOR: "Nadia Frost",
    Role.ANALYST: "Owen Penn",
    Role.ADMINISTRATOR: "Petra Lane",
    Role.OPERATOR: "Quentin Shore",
}
_DECISIONS = {
    Decision.MET: 34,
    Decision.NOT_MET_INTERNAL: 26,
    Decision.NOT_MET_LOW_LEVEL: 18,
    Decision.NOT_MET_SIGNPOST: 12,
    Decision.NOT_MET_COMPLAINT: 6,
    Decision.MORE_INFO: 4,
}
_ADVICE = {
    Decision.MET: "CASE",
    Decision.NOT_MET_INTERNAL: "INTERNAL",
    Decision.NOT_MET_LOW_LEVEL: "LOW_LEVEL",
    Decision.NOT_MET_SIGNPOST: "SIGNPOST",
    Decision.NOT_MET_COMPLAINT: "COMPLAINT",
    Decision.MORE_INFO: "INFORMATION",
}
_REASONS = {
    Decision.MET: "A child may have been harmed and the adult works with children, so a case is opened.",
    Decision.MORE_INFO: "It is not clear yet what happened. The setting is asked for its record of the day.",
}
_OTHER_REASON = (
    "What is described does not reach the threshold. The setting deals with it and keeps a record."
)
# How busy each month is, January first: schools are closed in August.
_SEASON = (9, 9, 11, 7, 9, 10, 8, 3, 9, 11, 10, 6)


def rehearse(stage: Stage) -> int:
    """Play up to `TURN` contacts more. Returns how many acts were played."""
    acts = _open_region(stage, _world())
    done = _played(stage, _world())
    if _world().told > done:
        _world.cache_clear()
    moments = _moments(stage)
    for number in range(done, min(done + TURN, stage.contacts)):
        acts += _tell(stage, _world().story(number), moments(number))
    return acts


@cache
def _world() -> World:
    return World()


def user_id(authority: str, name: str) -> str:
    """The id of a demo account: the same in every demo."""
    return str(uuid5(NAMESPACE_URL, f"heed-demo/{authority}/{name}"))


def accounts(authority: dict[str, list[str]]) -> Iterator[User]:
    """The invented accounts of an authority."""
    code = str(authority["code"])
    people = [(name, Role.OFFICER) for name in authority["officers"]] + [
        (_PEOPLE[role], role) for role in _ROLES
    ]
    for name, role in people:
        mailbox = name.lower().replace(" ", ".")
        yield User(
            id=user_id(code, name),
            display_name=name,
            email=f"{mailbox}@{code}-council.example",
            roles=frozenset({role}),
        )


def _open_region(stage: Stage, world: World) -> int:
    began = stage.now - YEARS - timedelta(days=30)
    with stage.transaction(_REGION, began) as tx:
        if {one.code for one in replicas.authorities(tx)} >= {one["code"] for one in world.authorities}:
            return 0
    for one in world.authorities:
        with stage.transaction(one["code"], began) as tx:
            kept = ("display_name", "contact_route", "theme", "phone", "child_referral_phone", "terms")
            open_authority(tx, AuthorityRecord(pooled=True, **{name: one[name] for name in kept}))
            for user in accounts(one):
                add_user(tx, user)
    return len(world.authorities)


def _played(stage: Stage, world: World) -> int:
    count = 0
    for one in world.authorities:
        with stage.transaction(one["code"], stage.now) as tx:
            count += contacts.count_rehearsed(tx)
    return count


def _moments(stage: Stage) -> Callable[[int], datetime]:
    """When each contact comes in: in order over three years, by season, in office hours, the last of them
    now.
    """
    end = stage.now - timedelta(minutes=20)
    days = [(end - YEARS + timedelta(days=day)).date() for day in range(YEARS.days + 1)]
    upto = list(accumulate(_SEASON[day.month - 1] * (day.weekday() < 5) for day in days))

    def moment(number: int) -> datetime:
        if (left := stage.contacts - number) <= _LATEST:
            return end - _APART * left
        wanted = (number + 0.5) / stage.contacts * upto[-1]
        index = bisect_left(upto, wanted)
        part = 1 - (upto[index] - wanted) / _SEASON[days[index].month - 1]
        opening = datetime.combine(days[index], time(8, 30), LONDON)
        return min((opening + timedelta(hours=9) * part).astimezone(UTC), end)

    return moment


def _tell(stage: Stage, story: Story, at: datetime) -> int:
    chance = random.Random(f"{SEED}/course/{story.number}")
    with stage.transaction(story.authority, at) as tx:
        report = replace(_report(story, at, chance), files=_files(tx, story))
        one = receive_contact(tx, report, token=f"demo-{story.number:06}")
    decided_at = at + timedelta(minutes=chance.choice((40, 90, 180, 300, 1500, 4400)))
    if decided_at > stage.now or (stage.now - at < _FRESH and chance.random() < _STILL_OPEN):
        return 1
    officer = user_id(story.authority, chance.choice(story.officers))
    decision = chance.choices(list(_DECISIONS), list(_DECISIONS.values()))[0]
    with stage.transaction(story.authority, decided_at, officer) as tx:
        take_contact(tx, one.id)
        _decide(tx, one, story, decision)
    again_at = decided_at + timedelta(days=4)
    if decision is not Decision.MORE_INFO or again_at > stage.now:
        return 2
    with stage.transaction(story.authority, again_at, officer) as tx:
        _decide(tx, one, story, Decision.NOT_MET_INTERNAL)
    return 3


def _files(tx: Transaction, story: Story) -> tuple[Attached, ...]:
    # Most people send none.
    if story.number % _WITH_A_FILE:
        return ()
    words = f"Invented data: nothing here is real.\n\nNote of what was seen\n\n{story.allegation.narrative}\n"
    return (keep_file(tx, "Note of what was seen.txt", words.encode()),)


def _decide(tx: Transaction, one: Contact, story: Story, decision: Decision) -> None:
    criteria = story.allegation.criteria if decision is Decision.MET else ()
    decide_threshold(
        tx,
        one.id,
        Judgement(
            decision=decision,
            criteria=criteria,
            tier="T4" if criteria else "T2",
            reasons=_REASONS.get(decision, _OTHER_REASON),
            decided_by=tx.scope.actor.id,
        ),
    )
    send_advice(
        tx,
        one.id,
        Wording(
            text="Thank you for telling us. Keep your records safe and do not question the child again.",
            kind=_ADVICE[decision],
        ),
    )


def _report(story: Story, at: datetime, chance: random.Random) -> Report:
    known = at - timedelta(hours=chance.choice((1, 2, 4, 6, 26, 50)))
    return Report(
        channel=chance.choice(("online", "online", "email", "phone")),
        known_to_employer_at=known,
        referrer=story.referrer,
        adults=(story.adult,),
        children=(story.child,),
        allegations=(story.allegation,),
    )
