"""Searching, judging, and what crosses a boundary."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.search.actions import judging, searching
from services.search.actions.vetting import OWN, REGION, Wish
from services.search.domain.judgement import State, Verdict
from services.search.store import matches, searches
from shared.clock import new_id
from shared.contracts.message import encode_data
from shared.contracts.people import Name, Person, Pointer
from shared.contracts.search import LinkConfirmed, LinkRejected, MatchFound
from shared.errors import Conflict, Invalid, NotFound, Refused
from tests.search.adults import adult, bare, case, contact
from tests.search.desk import Desk

WHY = {"reach": REGION, "purpose": "NEW_CONCERN", "reason": "A concern came in."}


def run(desk: Desk, asked: Person, authority: str = "dorset", **wish: Any) -> searches.Search:
    """Search as an officer and read what was kept."""
    with desk.transaction(authority, **{key: wish.pop(key) for key in ("user", "name") if key in wish}) as tx:
        made = searching.run_search(tx, Wish(asked, **wish))
        found = searches.one(tx, made.search_id)
    assert found is not None
    return found


def test_the_own_authority_is_searched_without_a_purpose(desk: Desk):
    desk.hear(contact("c-1"))
    found = run(desk, bare("Roz", "Quillfeather", "1984-05-13"))
    assert [hit.contact_id for hit in found.result.own] == ["c-1"] and found.reach == OWN


def test_the_surest_record_comes_first(desk: Desk):
    desk.hear(contact("c-1", bare("Rosalind", "Quillfeather", "1960-01-01")), contact("c-2"))
    assert run(desk, adult()).result.own[0].contact_id == "c-2"


@pytest.mark.parametrize(
    ("asked", "differs", "field"),
    [
        (adult(), {"purpose": "CURIOSITY"}, "purpose"),
        (adult(), {"reason": "  "}, "reason"),
        (bare("Rosalind", "Quillfeather"), {}, "surname"),
        (Person(id="x", born="1984-05-13", phones=("07700 900123",)), {}, "surname"),
    ],
)
def test_a_search_of_the_region_needs_purpose_reason_name_and_one_more(
    desk: Desk, asked: Person, differs: dict[str, str], field: str
):
    with pytest.raises(Invalid) as problem:
        run(desk, asked, **{**WHY, **differs})
    assert list(problem.value.fields) == [field]


def test_an_authority_can_replace_the_list_of_purposes(desk: Desk):
    import json

    from shared.contracts.platform import ConfigurationChanged

    value = json.dumps({"purposes": [{"code": "LOCAL", "words": "Our own purpose"}]})
    desk.hear(
        ConfigurationChanged(
            configuration_id="dorset/search_purposes", kind="search_purposes", value=value,
            effective_from=desk.clock(), changed_by="test",
        )
    )  # fmt: skip
    assert run(desk, adult(), **{**WHY, "purpose": "LOCAL"}).purpose == "LOCAL"
    with pytest.raises(Invalid):
        run(desk, adult(), **WHY)


def test_a_judgement_is_remembered_until_the_data_change(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    with desk.transaction() as tx:
        judging.judge(tx, found.match_id, Verdict.DIFFERENT, "Two sisters, seen both.")
    assert len(desk.published(LinkRejected)) == 1
    desk.hear(case("k-1", "c-2", replace(adult(), phones=())))
    assert len(desk.published(MatchFound)) == 2
    with desk.transaction() as tx:
        again = matches.visible(tx, found.match_id)
    assert again is not None and again.state is State.OPEN


def test_a_judged_pair_is_not_told_again_while_the_data_stand(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    with desk.transaction() as tx:
        judging.judge(tx, found.match_id, Verdict.SAME, "Same person in both.")
    desk.hear(case("k-1", "c-2", adult(work=())))
    told = len(desk.published(MatchFound))
    desk.hear(case("k-2", "c-2", adult(work=())))
    assert len(desk.published(MatchFound)) == told and len(desk.published(LinkConfirmed)) == 1


def test_an_answer_to_a_page_that_is_out_of_date_is_refused(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    with pytest.raises(Conflict), desk.transaction() as tx:
        judging.judge(tx, found.match_id, Verdict.SAME, "Same.", seen="another mark")


def test_nobody_judges_a_match_of_another_authority(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    with pytest.raises(NotFound), desk.transaction("wiltshire") as tx:
        judging.judge(tx, found.match_id, Verdict.SAME, "Same.")


def test_a_withdrawn_match_has_nothing_to_decide(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"))
    (found,) = desk.published(MatchFound)
    desk.hear(case("k-1", "c-2", bare("Zebedee", "Oakapple", "1951-01-30")))
    with pytest.raises(Refused), desk.transaction() as tx:
        judging.judge(tx, found.match_id, Verdict.SAME, "Same.")


def _words(value: object) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
    else:
        yield str(value)


SECRET = st.text("bcdfgklmnprstvz", min_size=9, max_size=12)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(surname=SECRET, street=SECRET, school=SECRET, mailbox=SECRET)
def test_no_field_of_another_authoritys_record_but_the_pointer_is_in_any_answer_or_fact(
    desk: Desk, surname: str, street: str, school: str, mailbox: str
):
    desk.clock.forward(timedelta(hours=2))
    held = _held(surname, street, school, mailbox)
    contact_id = f"w-{surname}"
    desk.hear(contact(contact_id, held), authority="wiltshire")
    desk.hear(contact(new_id(), adult(work=())))
    found = run(desk, adult(work=()), **WHY)
    said = [*_words(msgspec.json.decode(msgspec.json.encode(found.result)))]
    for _, event in desk.journal("dorset"):
        said += _words(msgspec.json.decode(encode_data(event))) if event else []
    hidden = (surname, street, school, mailbox, contact_id, held.id)
    assert found.result.pointers
    assert not [one for one in said for secret in hidden if secret.lower() in one.lower()]


def _held(surname: str, street: str, school: str, mailbox: str) -> Person:
    """The same adult as Wiltshire knows her: in part the same, in part known there alone."""
    from shared.contracts.people import Address, Setting, Work

    return adult(
        f"p-{surname}",
        names=(*adult().names, Name(kind="previous", given="Rosalind", surname=surname.title())),
        addresses=(Address(line1=f"7 {street.title()} Way", town=street.title(), postcode="SP1 7TT"),),
        emails=(f"{mailbox}@post.example",),
        work=(Work(setting=Setting(name=f"{school.title()} School", town=school.title())),),
    )


def test_a_pointer_has_no_room_for_anything_else():
    assert set(Pointer.__dataclass_fields__) == {
        "holder", "contact_route", "reference", "band", "recency", "agrees",
    }  # fmt: skip
