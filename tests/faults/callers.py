"""Who works with the region during a kill run: officers' programs that repeat what was not answered."""

import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Any

import msgspec
import requests

from services.intake.commands.rehearsal import user_id
from services.intake.commands.world import Story, World
from shared.cli.visitor import Page
from tests.faults.line import SILENT, Answer, Line

ON_DUTY, ON_CASES = 5, 7
PATIENCE = 20.0
_PAUSE = 0.2
# A case is looked for after so many seconds, and again after as long as it took: asking is no help.
_AGAIN, _AT_LAST = 1.0, 5.0
_FOUND_BY = 60.0
# As many cases may wait before nobody takes more concerns on: they are finished when the run ends.
_AT_HAND = 30
DECIDED = {
    "MET": {
        "decision": "MET", "criteria": ["HARM"], "tier": "T4", "reasons": "A child may have been harmed.",
    },
    "NOT_MET_INTERNAL": {
        "decision": "NOT_MET_INTERNAL", "criteria": [], "reasons": "The setting deals with it.",
    },
}  # fmt: skip


@dataclass
class Accepted:
    """What a caller was told with 2xx about one concern."""

    token: str
    authority: str
    contact_id: str
    reference: str
    decision: str = ""
    answers: int = 1
    case_id: str = ""
    since: float = field(default_factory=time.monotonic)
    due: float = field(default_factory=lambda: time.monotonic() + _AGAIN)


# Not a SimpleQueue: in CPython 3.11 whoever is woken for what another took may wait there for ever.
Pile = Queue[Accepted]


@dataclass
class Notebook:
    """What all callers were told together, and what went against the rules."""

    accepted: list[Accepted] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    requests: int = 0
    repeats: int = 0
    answered: list[tuple[float, str]] = field(default_factory=list)


class Stories:
    """The invented concerns, handed out in order to whoever asks."""

    def __init__(self, seed: int) -> None:
        self._world, self._lock, self._next = World(seed), threading.Lock(), 0

    def take(self) -> Story:
        """The next one."""
        with self._lock:
            self._next += 1
            return self._world.story(self._next - 1)


class Ended(Exception):
    """The run is over while something was still asked."""


class Caller(threading.Thread, ABC):
    """An officer's program: works until told to stop, then finishes what it began."""

    def __init__(self, number: int, urls: Mapping[str, str], notebook: Notebook) -> None:
        super().__init__(name=f"caller-{number}", daemon=True)
        self._urls, self._notebook = urls, notebook
        self._chance = random.Random(number)
        self._lines = {url: Line(url, PATIENCE) for url in set(urls.values())}
        self._cookies: dict[str, str] = {}
        self.enough = threading.Event()
        self.ending = threading.Event()

    def run(self) -> None:
        """One piece of work after the other."""
        with suppress(Ended):
            while self._work() or not self.enough.is_set():
                pass

    @abstractmethod
    def _work(self) -> bool:
        """One piece; whether there is more although no more is to begin."""

    def _ask(
        self,
        authority: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        also: tuple[int, ...] = (),
    ) -> Answer:
        """The answer, after as many repeats as it takes. Raises Ended when the run is over before."""
        while not self.ending.is_set():
            answer = self._once(authority, method, path, body, headers)
            if answer is not None and (answer.ok or answer.status in also):
                return answer
            self._notebook.repeats += 1
            if answer is not None and answer.status in {400, 403, 422, 428}:
                said = answer.json().get("errors") or answer.json().get("detail")
                self._notebook.wrong.append(
                    f"{method} {path.rpartition('/')[2][:20]}: {answer.status} {said}"
                )
                raise Ended
            self.ending.wait(_PAUSE)
        raise Ended

    def _once(
        self, authority: str, method: str, path: str, body: Any, headers: Mapping[str, str] | None
    ) -> Answer | None:
        service = path.split("/")[1]
        try:
            cookies = self._cookies.get(authority) or self._sign_in(authority)
            line = self._lines[self._urls[service]]
            answer = line.ask(method, path, body, {"Cookie": cookies, **(headers or {})})
        except (requests.RequestException, *SILENT):
            return None
        self._notebook.requests += 1
        # To the front door: the session has ended.
        if answer.status == 401 or (answer.elsewhere and "/cases/" not in answer.elsewhere):
            self._cookies.pop(authority)
            return None
        if answer.ok:
            self._notebook.answered.append((time.time(), service))
        return answer

    def _sign_in(self, authority: str) -> str:
        kept = sign_in(self._urls["intake"], authority).cookies
        cookies = self._cookies[authority] = "; ".join(f"{one.name}={one.value}" for one in kept)
        return cookies


class DutyOfficer(Caller):
    """Reports concerns, decides and advises; cases that will open are put on the pile."""

    def __init__(
        self, number: int, urls: Mapping[str, str], notebook: Notebook, pile: Pile, stories: Stories
    ) -> None:
        super().__init__(number, urls, notebook)
        self._pile, self._stories = pile, stories

    def _work(self) -> bool:
        if self._pile.qsize() < _AT_HAND:
            self.report(self._stories.take())
        else:
            self.enough.wait(_PAUSE)
        return False

    def report(self, story: Story) -> None:
        """One concern, until it is decided and advised upon."""
        token = f"{self.name}-{story.number}"
        self._notebook.tokens.add(token)
        body = concern_of(story, token)
        times = 2 if self._chance.random() < 0.2 else 1
        answers = [self._ask(story.authority, "POST", "/intake/api/contacts", body) for _ in range(times)]
        made = answers[0].json()
        one = Accepted(token, story.authority, made["id"], made["reference"], answers=times)
        if any(answer.json()["id"] != one.contact_id for answer in answers):
            self._notebook.wrong.append("The same submission was given two contacts.")
        self._notebook.accepted.append(one)
        self._decide(one)
        if one.decision == "MET":
            self._pile.put(one)

    def _decide(self, one: Accepted) -> None:
        thing = f"/intake/api/contacts/{one.contact_id}"
        wanted = "MET" if self._chance.random() < 0.6 else "NOT_MET_INTERNAL"
        # Nobody decides on what they have not read.
        tag = {"If-Match": self._ask(one.authority, "GET", thing).headers["ETag"]}
        answer = self._ask(one.authority, "POST", f"{thing}/decision", DECIDED[wanted], tag, (409, 412))
        # A decision whose answer was lost stands; the repeat is refused, and the contact says which it was.
        if answer.status != 201:
            wanted = self._ask(one.authority, "GET", thing).json()["decision"]
        one.decision = wanted
        advice = {"kind": "CASE" if wanted == "MET" else "INTERNAL", "text": "Keep your records safe."}
        self._ask(one.authority, "POST", f"{thing}/advice", advice)


class CaseOfficer(Caller):
    """Takes the oldest case of the pile, reads it, holds the meeting, records what is known and concludes."""

    def __init__(
        self, number: int, urls: Mapping[str, str], notebook: Notebook, pile: Pile, views: int = 4
    ) -> None:
        super().__init__(number, urls, notebook)
        self._pile, self._views = pile, views

    def _work(self) -> bool:
        try:
            one = self._pile.get(timeout=_PAUSE)
        except Empty:
            return False
        self.ending.wait(max(0.0, one.due - time.monotonic()))
        answer = self._ask(one.authority, "GET", f"/casework/by-contact/{one.contact_id}")
        if answer.elsewhere:
            one.case_id = answer.elsewhere.rsplit("/", 1)[-1]
            self._hold_a_meeting(one)
            self._conclude(one)
            return True
        waited = time.monotonic() - one.since
        if waited < _FOUND_BY or not self.enough.is_set():
            one.due = time.monotonic() + min(waited, _AT_LAST)
            self._pile.put(one)
        return True

    def _hold_a_meeting(self, one: Accepted) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        thing = f"/casework/api/cases/{one.case_id}"
        plan = {"kind": "MEETING_INITIAL", "starts_at": now, "place": "By video"}
        meeting = self._ask(one.authority, "POST", f"{thing}/meetings", plan, self._tag(one)).json()
        held = {"held_at": now, "attended": ["CHAIR_LADO", "POLICE"], "record": "What is known was shared."}
        path = f"{thing}/meetings/{meeting['id']}/held"
        self._ask(one.authority, "POST", path, held, self._tag(one), (409, 412))

    def _conclude(self, one: Accepted) -> None:
        thing = f"/casework/api/cases/{one.case_id}"
        for _ in range(self._views):
            case = self._ask(one.authority, "GET", thing).json()
        answers = {"regulated_activity": True, "removed": True, "removed_on": None, "harm_test": True}
        path = f"{thing}/adults/{case['adults'][0]['id']}/facts"
        self._ask(one.authority, "POST", path, answers, self._tag(one), (409, 412))
        verdict = {
            "outcome": "SUBSTANTIATED", "proved": True, "disproved": False, "deceit": None, "basis": True,
            "reasons": "Two colleagues saw it.", "because": "",
        }  # fmt: skip
        path = f"{thing}/allegations/{case['allegations'][0]['id']}/outcome"
        self._ask(one.authority, "POST", path, verdict, self._tag(one), (409, 412))

    def _tag(self, one: Accepted) -> dict[str, str]:
        answer = self._ask(one.authority, "GET", f"/casework/api/cases/{one.case_id}")
        return {"If-Match": answer.headers["ETag"]}


def officers(urls: Mapping[str, str], stories: Stories, notebook: Notebook) -> list[Caller]:
    """Of two kinds: while one web stands still, those who work with the other go on."""
    pile = Pile()
    cases = [CaseOfficer(ON_DUTY + number, urls, notebook, pile) for number in range(ON_CASES)]
    return [*(DutyOfficer(number, urls, notebook, pile, stories) for number in range(ON_DUTY)), *cases]


def sign_in(url: str, authority: str) -> requests.Session:
    """An officer of that authority. Raises RequestException when the door does not open just now."""
    session = requests.Session()
    # No proxy stands between: asking for one before each request would cost as much as the request.
    session.trust_env = False
    officers = next(one["officers"] for one in World().authorities if one["code"] == authority)
    shown = session.get(f"{url}/intake/sign-in", timeout=PATIENCE)
    # While its database is away the page says so, and has no accounts to choose from.
    shown.raise_for_status()
    page = Page(shown)
    token = next(one.boxes["csrf_token"].value for one in page.forms if "csrf_token" in one.boxes)
    form = {"authority": authority, "user_id": user_id(authority, officers[0]), "csrf_token": token}
    answer = session.post(
        f"{url}/intake/sign-in", data=form, timeout=PATIENCE, allow_redirects=False, headers={"Origin": url}
    )
    if answer.status_code != 302:
        raise requests.RequestException("not signed in")
    return session


def concern_of(story: Story, token: str) -> dict[str, Any]:
    """What the API takes for it."""
    told = {
        "token": token, "channel": "phone", "referrer": story.referrer, "adults": [story.adult],
        "children": [story.child], "allegations": [story.allegation],
    }  # fmt: skip
    found: dict[str, Any] = _said(msgspec.to_builtins(told))
    return found


def _said(value: Any) -> Any:
    """Without what was not said."""
    if isinstance(value, dict):
        return {name: _said(one) for name, one in value.items() if one not in (None, "", [], ())}
    return [_said(one) for one in value] if isinstance(value, list | tuple) else value
