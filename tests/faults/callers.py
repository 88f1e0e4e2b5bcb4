"""Who works with the region during a kill run: officers' programs that repeat what was not answered."""

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import msgspec
import requests

from services.intake.commands.rehearsal import user_id
from services.intake.commands.world import Story, World
from shared.cli.visitor import Page

PATIENCE = 20.0
_PAUSE = 0.2
# A case is looked for again after this many seconds; it opens when the facts have travelled.
_AGAIN = 0.5
_FOUND_BY = 60.0
# As many cases may wait for one caller before it takes no more concerns on.
_AT_HAND = 20
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


class Caller(threading.Thread):
    """Reports, decides, advises and works on cases until told to stop; then finishes what it began."""

    def __init__(
        self, number: int, urls: Mapping[str, str], stories: Stories, notebook: Notebook, views: int = 2
    ) -> None:
        super().__init__(name=f"caller-{number}", daemon=True)
        self._urls, self._stories, self._notebook = urls, stories, notebook
        self._chance = random.Random(number)
        self._sessions: dict[str, requests.Session] = {}
        self._cases: SimpleQueue[Accepted] = SimpleQueue()
        self._views = views
        self.enough = threading.Event()
        self.ending = threading.Event()

    def run(self) -> None:
        """Concerns and cases in turn."""
        try:
            while not self.enough.is_set():
                if self._cases.qsize() < _AT_HAND:
                    self._report(self._stories.take())
                self._work_on_a_case()
            while self._work_on_a_case():
                pass
        except Ended:
            return

    def _report(self, story: Story) -> None:
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
            self._cases.put(one)

    def _decide(self, one: Accepted) -> None:
        thing = f"/intake/api/contacts/{one.contact_id}"
        wanted = "MET" if self._chance.random() < 0.6 else "NOT_MET_INTERNAL"
        answer = self._ask(
            one.authority, "POST", f"{thing}/decision", DECIDED[wanted], {"If-Match": '"1"'}, (409, 412)
        )
        # A decision whose answer was lost stands; the repeat is refused, and the contact says which it was.
        if answer.status_code != 201:
            wanted = self._ask(one.authority, "GET", thing).json()["decision"]
        one.decision = wanted
        advice = {"kind": "CASE" if wanted == "MET" else "INTERNAL", "text": "Keep your records safe."}
        self._ask(one.authority, "POST", f"{thing}/advice", advice)

    def _work_on_a_case(self) -> bool:
        """The oldest one; whether there was any."""
        try:
            one = self._cases.get_nowait()
        except Empty:
            return False
        place = self._ask(one.authority, "GET", f"/casework/by-contact/{one.contact_id}").headers.get(
            "Location", ""
        )
        if "/cases/" not in place:
            if time.monotonic() - one.since > _FOUND_BY and self.enough.is_set():
                return True
            self._cases.put(one)
            idle = self.enough.is_set() or self._cases.qsize() >= _AT_HAND
            time.sleep(_AGAIN if idle else 0)
            return True
        one.case_id = place.rsplit("/", 1)[-1]
        self._hold_a_meeting(one)
        self._conclude(one)
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

    def _ask(
        self,
        authority: str,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        also: tuple[int, ...] = (),
    ) -> requests.Response:
        """The answer, after as many repeats as it takes. Raises Ended when the run is over before."""
        while not self.ending.is_set():
            answer = self._once(authority, method, path, body, headers)
            if answer is not None and (answer.ok or answer.status_code in also):
                return answer
            self._notebook.repeats += 1
            if answer is not None and answer.status_code in {400, 403, 422, 428}:
                said = answer.json().get("errors") or answer.json().get("detail")
                self._notebook.wrong.append(
                    f"{method} {path.rpartition('/')[2][:20]}: {answer.status_code} {said}"
                )
                raise Ended
            self.ending.wait(_PAUSE)
        raise Ended

    def _once(
        self, authority: str, method: str, path: str, body: Any, headers: Mapping[str, str] | None
    ) -> requests.Response | None:
        url = self._urls[path.split("/")[1]]
        try:
            session = self._sessions.get(authority) or self._signed_in(authority)
            answer = session.request(
                method, url + path, json=body, timeout=PATIENCE, allow_redirects=False,
                headers={"Origin": url, "Accept": "application/json", **(headers or {})},
            )  # fmt: skip
        except requests.RequestException:
            return None
        self._notebook.requests += 1
        away = answer.status_code == 401 or (
            answer.is_redirect and "/cases/" not in answer.headers["Location"]
        )
        if away:
            self._sessions.pop(authority, None)
            return None
        if answer.ok:
            self._notebook.answered.append((time.time(), path.split("/")[1]))
        return answer

    def _signed_in(self, authority: str) -> requests.Session:
        session = self._sessions[authority] = sign_in(self._urls["intake"], authority)
        return session


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
