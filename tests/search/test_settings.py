"""The same setting found again, whatever it was called and whoever named it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from services.search.domain.listing import Key, Listing, Successor
from services.search.domain.workplaces import workplace
from services.search.store import settings
from shared.contracts.people import Identifier, Person, Setting, Work
from shared.contracts.search import SettingListed
from tests.search.adults import bare, case, contact
from tests.search.desk import Desk

ST_OSYTH = Setting(name="St Osyth's Primary School", town="Dorchester", postcode="DT1 9ZZ")


def named(setting: Setting, *numbers: tuple[str, str], given: str = "Ann") -> Person:
    """An adult who works there."""
    said = tuple(Identifier(scheme=scheme, value=value) for scheme, value in numbers)
    at = Setting(name=setting.name, town=setting.town, postcode=setting.postcode, identifiers=said)
    return bare(given, "Other", work=(Work(setting=at),))


def listed(desk: Desk) -> list[tuple[str, int]]:
    """Name and adults of every setting that was named."""
    with desk.transaction() as tx:
        found, _ = settings.listed(tx, settings.Wanted(), 0, 50)
    return sorted((one.said.name, one.concerns) for one in found)


def test_another_number_at_the_same_name_and_place_is_another_setting(desk: Desk):
    desk.hear(contact("c-1", named(ST_OSYTH, ("URN", "900001"))))
    desk.hear(contact("c-2", named(ST_OSYTH, ("URN", "900002"))))
    desk.hear(contact("c-3", named(ST_OSYTH, ("URN", "900002"), given="Ben")))
    assert [adults for _, adults in listed(desk)] == [1, 2]


def test_a_name_without_a_number_means_the_setting_that_has_one(desk: Desk):
    desk.hear(contact("c-1", named(ST_OSYTH, ("URN", "900001"))))
    desk.hear(contact("c-2", named(ST_OSYTH)))
    assert listed(desk) == [(ST_OSYTH.name, 2)]


def test_a_name_in_its_town_means_the_one_there_and_two_districts_are_two_settings(desk: Desk):
    larch, near, far = (
        Setting(name="Larch House", town="Poole", postcode=code) for code in ("", "BH14 9ZZ", "BH17 9ZZ")
    )
    desk.hear(contact("c-1", named(near)), contact("c-2", named(larch, given="Ben")))
    desk.hear(contact("c-3", named(far, given="Cem")))
    assert listed(desk) == [("Larch House", 1), ("Larch House", 2)]


def test_a_company_number_finds_a_home_only_together_with_its_name(desk: Desk):
    larch, rowan = (Setting(name=f"{tree} House", town="Poole") for tree in ("Larch", "Rowan"))
    company = ("COMPANY", "99887766")
    desk.hear(contact("c-1", named(larch, company)), contact("c-2", named(rowan, company)))
    desk.hear(contact("c-3", named(Setting(name="Larch House", town="Swanage"), company)))
    assert listed(desk) == [("Larch House", 2), ("Rowan House", 1)]


def test_a_corrected_workplace_leaves_nothing_at_the_wrong_one(desk: Desk):
    wrong = Setting(name="Mallow Lodge", town="Poole")
    desk.hear(contact("c-1", named(wrong)))
    desk.hear(case("k-1", "c-1", named(ST_OSYTH)))
    assert listed(desk) == [(ST_OSYTH.name, 1)]
    with desk.transaction() as tx:
        found, total = settings.listed(tx, settings.Wanted(), 0, 50)
    assert total == 1 and found[0].named_at is not None


def test_a_setting_is_told_of_when_it_is_named_first_and_not_again(desk: Desk):
    desk.hear(contact("c-1", named(ST_OSYTH)), contact("c-2", named(ST_OSYTH, given="Ben")))
    assert [one.display_name for one in desk.published(SettingListed)] == [ST_OSYTH.name]


def test_the_identities_of_a_place_come_the_surest_first():
    numbers = (("CHARITY", "7654321"), ("CQC", "1-2345"), ("URN", "900001"))
    made = workplace(ST_OSYTH.name, ST_OSYTH.town, ST_OSYTH.postcode, numbers)
    assert made is not None
    assert [one.scheme for one in made.identities] == ["URN", "CQC", "CHARITY", "PLACE", ""]


def test_after_a_closure_a_name_means_the_successor():
    key = Key(1, "", is_sure=False)
    register = Listing({1: "old"}, {}, {"old": Successor(date(2025, 9, 1), "new")})
    assert register.find([key], date(2025, 8, 31)) == "old"
    assert register.find([key], date(2025, 9, 1)) == "new"


@given(some.lists(some.tuples(some.integers(0, 3), some.integers(0, 3)), max_size=8))
def test_successors_in_a_circle_end_somewhere(links: list[tuple[int, int]]):
    followed = {str(old): Successor(date(2025, 1, 1), str(new)) for old, new in links}
    assert Listing({1: "0"}, {}, followed).find([Key(1, "", is_sure=False)], date(2026, 1, 1)) is not None


keys = some.lists(
    some.builds(
        lambda k, scheme: Key(k, scheme, bool(scheme)),
        some.integers(0, 9),
        some.sampled_from(["", "URN", "CQC"]),
    ),
    min_size=1,
    max_size=4,
)


@given(some.lists(keys, max_size=12))
def test_a_sure_key_never_leads_to_two_settings(said: list[list[Key]]):
    register, day = Listing(), date(2026, 3, 2)
    met: dict[int, set[str]] = {}
    for number, one in enumerate(said):
        ordered = sorted(one, key=lambda key: not key.is_sure)
        setting_id = register.find(ordered, day) or f"s-{number}"
        register.learn(setting_id, ordered)
        for key in ordered[:1]:
            if key.is_sure:
                met.setdefault(key.k, set()).add(setting_id)
    assert all(len(settings_of) == 1 for settings_of in met.values())
