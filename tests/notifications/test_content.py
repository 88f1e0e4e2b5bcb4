"""What letters draw from a case, and how people read it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain import recipient as directory
from services.notifications.domain.content import complete
from services.notifications.domain.dates import Dates
from services.notifications.domain.facts import AllegationFacts, CaseKnown
from services.notifications.domain.items import Material
from services.notifications.domain.notice import Notice, Standing, State
from services.notifications.domain.recipient import Recipient
from services.notifications.domain.rule import rules_from
from services.notifications.domain.words import body_name, holder_name
from services.notifications.web.particulars import clock_state, history
from services.notifications.web.shown import acts_for, due_words, state_words
from shared.actor import Actor
from shared.contracts.people import Address, Allegation, Child, Identifier, Name, Person, Setting, Work
from shared.errors import Invalid, Refused
from shared.partial_dates import said_day
from shared.vocabulary import Outcome, Role
from tests.notifications.scenes import (
    ADULT,
    CASE,
    CHILD,
    CONTACT,
    MARLOWE,
    OPENED,
    OTHER_ADULT,
    REFERENCE,
    SAID,
    a_notice,
    snapshot,
)

RULES = {rule.id: rule for rule in rules_from()}
DAY = date(2026, 3, 2)


def texts(case: CaseKnown, rule: str = "N03", adult: str = ADULT) -> dict[str, str]:
    return {line.item: line.text for line in complete(RULES[rule], Material(adult, case), {}).lines}


def a_case(*adults: Person, **changes: object) -> CaseKnown:
    values = {"adults": adults or (MARLOWE,), "children": (CHILD,), "allegations": (SAID,), **changes}
    return CaseKnown(case_id=CASE, contact_id=CONTACT, reference=REFERENCE, opened_at=OPENED, **values)  # type: ignore[arg-type]


def test_a_full_case_fills_every_item_it_can():
    outcome = AllegationFacts(
        allegation_id="allegation-1", adult_id=ADULT, category="PHYSICAL", outcome=Outcome.SUBSTANTIATED
    )
    facts = snapshot(
        removed=True,
        removed_on=date(2026, 2, 27),
        regulated_activity=True,
        police_involved=False,
        outcomes=(outcome,),
    )
    found = texts(a_case(facts=facts))
    assert found["adult_name"] == "Odette Marlowe"
    assert found["previous_names"] == "Odette Quill"
    assert found["born"] == "17 May 1984"
    assert found["address"] == "3 Pebble Lane, Swanage, BH19 9ZZ"
    assert found["contact_details"] == "01632 960123; odette@marlowe.example"
    assert found["job"] == "Room leader"
    assert found["employer"] == "Little Otters Ltd"
    assert found["regulated_activity"] == "Yes"
    assert found["removed_on"] == "27 February 2026"
    assert found["happened_on"] == "25 February 2026"
    assert found["children"] == "Robin Ashdown, born 2022"
    assert found["outcome"] == "Physical harm: substantiated"
    assert found["police"] == "The police are not involved"
    assert found["chronology"] == found["evidence"] == ""


def test_only_the_adults_own_allegations_and_children_are_told():
    other = Allegation(id="a-2", adult_id=OTHER_ADULT, child_ids=("child-2",), narrative="Something else.")
    case = a_case(allegations=(SAID, other), children=(CHILD, Child(id="child-2", name="Wren Holloway")))
    assert "Something else." not in texts(case)["allegation"]
    assert "Wren" not in texts(case)["children"]
    assert texts(case, adult=OTHER_ADULT)["children"] == "Wren Holloway"


def test_an_adult_who_is_hardly_known_leaves_gaps_and_no_codes():
    stranger = Person(
        id=ADULT,
        names=(Name(kind="alias", full="The coach"),),
        born="1990",
        born_from_age=True,
        addresses=(Address(),),
        work=(Work(setting=Setting(name="")),),
    )
    found = texts(a_case(stranger, children=(), allegations=()), "N15")
    assert found["adult_name"] == "The coach"
    assert found["job"] == found["setting"] == found["setting_number"] == found["category"] == ""
    assert texts(a_case(stranger))["born"] == "1990, worked out from an age"


def test_one_workplace_named_by_two_jobs_is_named_once():
    setting = Setting(name="Otters", identifiers=(Identifier(scheme="URN", value="900001"),))
    both = Person(id=ADULT, work=(Work(setting=setting, role="TEACHER"), Work(setting=setting, role="COACH")))
    found = texts(a_case(both), "N15")
    assert found["setting"] == "Otters"
    assert found["setting_number"] == "URN 900001"
    assert found["job"] == "Teacher; Sports coach"


def test_a_home_is_told_which_authority_placed_the_child():
    assert texts(a_case(), "N11")["placing_authority"] == "wiltshire"


@given(st.dictionaries(st.sampled_from(RULES["N03"].content), st.text(max_size=20)))
def test_more_answers_never_make_a_letter_less_complete(answers: dict[str, str]):
    before = complete(RULES["N03"], Material(ADULT, a_case()), {})
    after = complete(RULES["N03"], Material(ADULT, a_case()), answers)
    assert after.percent >= before.percent
    assert len(after.missing) <= len(before.missing)
    assert 0 <= after.percent <= 100


@pytest.mark.parametrize(
    ("given_text", "said"),
    [
        ("2026-02-25", "25 February 2026"),
        ("2026-02", "February 2026"),
        ("2026", "2026"),
        ("Easter", "Easter"),
        ("", ""),
    ],
)
def test_a_day_is_said_in_words_when_it_is_one(given_text: str, said: str):
    assert said_day(given_text) == said


def test_kinds_that_an_authority_adds_read_as_their_codes():
    assert body_name("charity_commission") == "charity commission"
    assert holder_name("trustees") == "trustees"


def test_an_entry_is_usable_only_while_somebody_vouches_for_it():
    entry = Recipient("dbs", "Body", "a@body.example")
    with pytest.raises(Refused):
        directory.usable_address(entry)
    vouched = replace(directory.confirm(entry, " Body ", "b@body.example", "Their site"), confirmed_at=OPENED)
    assert directory.usable_address(vouched) == "b@body.example"
    assert vouched.name == "Body"
    assert not directory.unconfirm(vouched).confirmed


@pytest.mark.parametrize(
    "email", ["a b@c.example", "a@b", "<a@b.example>", "a@b.example\nBcc: x@y.example", "a,b@c.example"]
)
def test_what_is_not_one_plain_address_is_not_vouched_for(email: str):
    with pytest.raises(Invalid):
        directory.confirm(Recipient("dbs", "Body"), "Body", email, "Their site")


def looking(**changes: object) -> Notice:
    return Notice(**{**vars(a_notice()), **changes})


@pytest.mark.parametrize(
    ("notice", "words", "clock"),
    [
        (looking(), "To send", "soon"),
        (looking(letter_id="letter-1"), "Letter on its way", "soon"),
        (looking(dates=Dates(DAY, DAY, DAY - timedelta(days=1))), "Overdue", "overdue"),
        (
            looking(state=State.ADVISED, dates=Dates(None, DAY, DAY - timedelta(days=1))),
            "Advised, overdue",
            "overdue",
        ),
        (
            looking(standing=Standing.TO_CONFIRM, dates=Dates(DAY, DAY, DAY - timedelta(days=1))),
            "To confirm",
            "confirm",
        ),
        (looking(state=State.SENT, letter_id="letter-1"), "Sent", "met"),
        (looking(dates=Dates(None, DAY + timedelta(days=3), DAY + timedelta(days=3))), "To send", "running"),
    ],
)
def test_a_state_is_said_in_words_before_colours(notice: Notice, words: str, clock: str):
    assert state_words(notice, DAY)[0] == words
    assert clock_state(notice, DAY) == clock


def test_by_when_is_said_as_the_law_puts_it():
    undated = looking(dates=Dates(None, DAY, DAY))
    assert due_words(looking(), RULES["N10"]) == "2 March 2026"
    assert due_words(undated, RULES["N11"]) == "Without delay"
    assert due_words(undated, RULES["N03"]) == "No date in law; reminder 2 March 2026"
    assert due_words(undated, RULES["N10"]).startswith("Not known")


def test_nobody_is_offered_what_the_table_of_moves_forbids():
    everybody = Actor("all", frozenset(Role))
    slugs = {state: {act.slug for act in acts_for(looking(state=state), everybody)} for state in State}
    assert slugs[State.DUE] == {"send", "content", "by-hand", "advise", "decline"}
    assert slugs[State.ADVISED] == {"send", "content", "by-hand", "decline"}
    assert slugs[State.UNCERTAIN] == {"resolve"}
    assert slugs[State.SENT] == {"acknowledge"}
    assert slugs[State.ACKNOWLEDGED] == slugs[State.DECLINED] == slugs[State.WITHDRAWN] == set()
    assert acts_for(looking(letter_id="letter-1"), everybody) == []
    assert acts_for(looking(), Actor("nobody")) == []


def test_the_history_tells_only_what_happened_and_by_whom():
    told = looking(state=State.ADVISED, advised_at=OPENED, advised_by="officer-1", advice="Tell them today.")
    rows = {str(key): str(value) for key, value in history(told, {"officer-1": "Ada Fenwick"})}
    assert set(rows) == {"Raised", "Advised"}
    assert "by Ada Fenwick" in rows["Advised"]
    assert "Tell them today." in rows["Advised"]
