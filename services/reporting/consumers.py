"""Everything that reporting hears, and what of it counts."""

import json
from datetime import datetime
from typing import Any

from services.reporting import actions
from services.reporting.domain.codes import code, work_of
from services.reporting.domain.facts import (
    UNKNOWN,
    Case,
    Contact,
    Judgement,
    Meeting,
    Notice,
    Pattern,
    Repeat,
    Review,
    Standing,
)
from services.reporting.domain.periods import day_of
from services.reporting.store.register import Access
from shared import working_days
from shared.contracts import EVENTS, intake
from shared.contracts.casework import (
    CaseClosed,
    CaseErased,
    CaseFacts,
    CaseOpened,
    CaseReopened,
    MeetingHeld,
    MeetingScheduled,
    OutcomeCorrected,
    OutcomeRecorded,
)
from shared.contracts.intake import AdviceSent, ContactClosed, ContactReceived, ThresholdDecided
from shared.contracts.notifications import (
    NoticeAcknowledged,
    NoticeAdvised,
    NoticeDeclined,
    NoticeDue,
    NoticeSent,
    NoticeUncertain,
    NoticeWithdrawn,
)
from shared.contracts.platform import AccessRecorded, ConfigurationChanged
from shared.contracts.search import (
    AboutPattern,
    LinkConfirmed,
    LinkRejected,
    LinkUnsure,
    MatchFound,
    MatchWithdrawn,
    PatternFound,
    PatternReviewed,
    PatternWithdrawn,
    PointerShown,
)
from shared.service import Subscriptions
from shared.store.transaction import Transaction
from shared.vocabulary import Band, Decision

subscriptions = Subscriptions()
Tx = Transaction[Any]


@subscriptions.on(*EVENTS.values())
def note(tx: Tx, event: Any) -> None:  # noqa: ARG001  every fact counts as heard, whatever it says
    """How current the figures are."""
    actions.note_fact(tx)


@subscriptions.on(ContactReceived)
def receive_contact(tx: Tx, event: ContactReceived) -> None:
    """A contact, by its codes."""
    first = event.allegations[0].category if event.allegations else ""
    criteria = {code(one) for allegation in event.allegations for one in allegation.criteria}
    changes = {
        "reference": event.reference, "respond_by": event.respond_by,
        "received_at": event.received_at, "received_on": day_of(event.received_at),
        "channel": code(event.channel), "contact_type": code(event.contact_type),
        "concern_time": code(event.concern_time), "agency": code(event.referrer.agency),
        "category": code(first), "criteria": " ".join(sorted(criteria)),
        "employer_on_time": _told_in_time(tx, event.known_to_employer_at, event.received_at),
        **work_of(event.adults[0] if event.adults else None),
    }  # fmt: skip
    actions.receive_contact(tx, event.contact_id, changes)


@subscriptions.on(ThresholdDecided)
def decide(tx: Tx, event: ThresholdDecided) -> None:
    """The last decision counts; the first stops the clock."""
    met = event.decision is Decision.MET
    changes: dict[str, Any] = {
        "decision": event.decision.value,
        "met_on": day_of(event.decided_at) if met else None,
        "answered_at": event.decided_at,
    }
    # What the officer found goes before what the referrer ticked.
    if event.criteria:
        changes["criteria"] = " ".join(sorted({code(one) for one in event.criteria}))
    actions.answer_contact(tx, event.contact_id, changes)


@subscriptions.on(AdviceSent)
def advise(tx: Tx, event: AdviceSent) -> None:
    """Advice is an answer too."""
    actions.answer_contact(tx, event.contact_id, {"answered_at": event.sent_at})


@subscriptions.on(ContactClosed)
def close_contact(tx: Tx, event: ContactClosed) -> None:
    """Intake's part has ended."""
    actions.tell(tx, Contact, event.contact_id, closed_on=day_of(event.closed_at))


@subscriptions.on(CaseOpened)
def open_case(tx: Tx, event: CaseOpened) -> None:
    """A case with its allegations, each under the sector of its adult."""
    sectors = {adult.id: work_of(adult)["sector"] for adult in event.adults}
    allegations = {
        one.id: {"category": code(one.category), "sector": sectors.get(one.adult_id, UNKNOWN)}
        for one in event.allegations
    }
    changes = {
        "contact_id": event.contact_id, "reference": event.reference,
        "opened_on": day_of(event.opened_at), "first_meeting_due": event.first_meeting_due,
    }  # fmt: skip
    actions.open_case(tx, event.case_id, changes, allegations)


@subscriptions.on(CaseFacts)
def know_case(tx: Tx, event: CaseFacts) -> None:
    """What other agencies do."""
    actions.tell(tx, Case, event.case_id, police=event.police_involved, serious_harm=event.serious_harm)


@subscriptions.on(OutcomeRecorded)
def record_outcome(tx: Tx, event: OutcomeRecorded) -> None:
    """One allegation ended."""
    _conclude(tx, event, event.recorded_on)


@subscriptions.on(OutcomeCorrected)
def correct_outcome(tx: Tx, event: OutcomeCorrected) -> None:
    """It counts under the right outcome from now on."""
    _conclude(tx, event, event.corrected_on)


@subscriptions.on(MeetingScheduled)
def schedule_meeting(tx: Tx, event: MeetingScheduled) -> None:
    """A meeting is in the diary."""
    changes = {"case_id": event.case_id, "kind": code(event.kind), "starts_on": day_of(event.starts_at)}
    actions.tell(tx, Meeting, event.meeting_id, **changes)


@subscriptions.on(MeetingHeld)
def hold_meeting(tx: Tx, event: MeetingHeld) -> None:
    """A meeting took place."""
    meeting = Meeting(id=event.meeting_id, kind=code(event.kind), held_on=day_of(event.held_at))
    actions.hold_meeting(tx, event.case_id, meeting, event.due)


@subscriptions.on(CaseClosed)
def close_case(tx: Tx, event: CaseClosed) -> None:
    """Nothing is left to do."""
    actions.tell(tx, Case, event.case_id, closed_on=day_of(event.closed_at))


@subscriptions.on(CaseReopened)
def reopen_case(tx: Tx, event: CaseReopened) -> None:
    """It is open again, as if it had not been closed."""
    actions.tell(tx, Case, event.case_id, closed_on=None)


@subscriptions.on(NoticeDue)
def raise_notice(tx: Tx, event: NoticeDue) -> None:
    """A duty to tell somebody."""
    changes = {
        "case_id": event.case_id, "rule": code(event.rule), "basis": event.basis.value,
        "duty_of": code(event.duty_of), "raised_on": day_of(event.raised_at), "due_on": event.due_on,
        "standing": Standing.DUE.value,
    }  # fmt: skip
    actions.tell(tx, Notice, event.notice_id, **changes)


@subscriptions.on(NoticeSent)
def send_notice(tx: Tx, event: NoticeSent) -> None:
    """It left; the first time counts."""
    changes = {"standing": Standing.SENT.value, "sent_on": day_of(event.sent_at)}
    actions.tell(tx, Notice, event.notice_id, **changes)


@subscriptions.on(NoticeAdvised, NoticeAcknowledged, NoticeDeclined, NoticeWithdrawn, NoticeUncertain)
def move_notice(tx: Tx, event: Any) -> None:
    """Where the duty stands is the fact's own last word."""
    standing = Standing[event.name.partition(".")[2].upper()]
    actions.tell(tx, Notice, event.notice_id, standing=standing.value)


@subscriptions.on(intake.ContactMerged, intake.ContactUnmerged, intake.ContactErased)
def put_contact_right(tx: Tx, event: intake.AboutContact) -> None:
    """Another report of a concern is counted nowhere; an erased contact stays counted, without its name."""
    actions.put_contact_right(tx, event)


@subscriptions.on(CaseErased)
def forget_case(tx: Tx, event: CaseErased) -> None:
    """It stays counted, without its name."""
    actions.forget_case(tx, event.case_id, event.contact_id)


@subscriptions.on(MatchFound)
def find_match(tx: Tx, event: MatchFound) -> None:
    """An adult of a contact was named before."""
    other = event.own or event.pointer
    changes = {
        "contact_id": event.contact_id,
        "place": (Repeat.OWN if event.own else Repeat.ELSEWHERE).value,
        "sure": other is not None and other.band is not Band.POSSIBLE,
        "judgement": Judgement.FOUND.value,
    }
    actions.judge_match(tx, event.match_id, changes)


@subscriptions.on(MatchWithdrawn, LinkConfirmed, LinkRejected, LinkUnsure)
def judge_match(tx: Tx, event: Any) -> None:
    """A person or the data said whether it is the same adult; whoever is unsure leaves it not judged."""
    unsure = isinstance(event, LinkUnsure)
    judgement = Judgement.FOUND if unsure else Judgement[event.name.partition(".")[2].upper()]
    changes = {"contact_id": event.contact_id, "judgement": judgement.value}
    actions.judge_match(tx, event.match_id, changes)


@subscriptions.on(PatternFound)
def find_pattern(tx: Tx, event: PatternFound) -> None:
    """Concerns are a pattern; one that grows is the same."""
    signs = " ".join(sorted({code(ground.sign) for ground in event.grounds}))
    actions.tell(
        tx, Pattern, event.pattern_id, kind=code(event.kind), signs=signs, found_on=day_of(event.found_at)
    )


@subscriptions.on(PatternReviewed, PatternWithdrawn)
def review_pattern(tx: Tx, event: AboutPattern) -> None:
    """Somebody looked at it, or it no longer holds and was found all the same."""
    review = Review[event.finding.upper()] if isinstance(event, PatternReviewed) else Review.WITHDRAWN
    actions.tell(tx, Pattern, event.pattern_id, review=review.value)


@subscriptions.on(AccessRecorded)
def enter_access(tx: Tx, event: AccessRecorded) -> None:
    """A line of the register, once per fact."""
    if tx.cause is None:
        return
    access = Access(
        id=tx.cause.id, at=event.at, service=tx.cause.topic.split(".")[1], actor_id=event.actor_id,
        act=code(event.act), subject_kind=code(event.subject_kind), subject_id=event.subject_id,
        purpose=code(event.purpose) if event.purpose else "", reason=event.reason,
        found=len(event.result_ids),
    )  # fmt: skip
    actions.enter_access(tx, access, event.result_ids)


@subscriptions.on(PointerShown)
def enter_pointer(tx: Tx, event: PointerShown) -> None:
    """Another authority learned that a record is here: that is an access as well."""
    if tx.cause is None:
        return
    access = Access(
        id=tx.cause.id, at=event.shown_at, service="search", actor_id=f"authority:{event.asker}",
        act="pointed", subject_kind="contact", subject_id=event.contact_id, purpose=code(event.purpose),
        found=1,
    )  # fmt: skip
    actions.enter_access(tx, access, ())


@subscriptions.on(ConfigurationChanged)
def define_referral(tx: Tx, event: ConfigurationChanged) -> None:
    """The region shows what each authority calls a referral."""
    if event.kind == "figures":
        actions.define_referral(tx, json.loads(event.value))


def _told_in_time(tx: Tx, known: datetime | None, received: datetime) -> bool | None:
    if known is None:
        return None
    # By the end of the next working day: guidance counts days for employers, not hours.
    return day_of(received) <= working_days.of(tx).add_working_days(known, 1)


def _conclude(tx: Tx, event: OutcomeRecorded | OutcomeCorrected, at: datetime) -> None:
    changes = {
        "category": code(event.category),
        "outcome": event.outcome.value,
        "scheme": code(event.scheme),
        "outcome_on": day_of(at),
    }
    actions.record_outcome(tx, event.case_id, event.allegation_id, changes)
