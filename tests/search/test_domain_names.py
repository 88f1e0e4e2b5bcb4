"""First names, surnames and dates written in more than one way, and what still tells people apart."""

import pytest

from services.search.domain import birth, likeness, names
from shared.contracts.people import Name


@pytest.mark.parametrize(
    ("mine", "theirs", "level"),
    [
        (("yevheniia",), ("evgenia",), "form"),
        (("mohammed", "imran"), ("mohammed", "rizwan"), "different"),
        (("mohammed", "imran"), ("imran",), "same"),
        (("abdulkadir",), ("abdul", "qadir"), "form"),
        (("volodymyr", "petrovych"), ("petrovych", "volodymyr"), "same"),
        (("karen",), ("kayan",), "adopted"),
        (("kwabena",), ("emmanuel",), "adopted"),
        (("patricia",), ("bernadette",), "religious"),
        (("khalid",), ("junaid",), "different"),
        (("kylie",), ("kayleigh",), "different"),
        (("ahmed",), ("hamid",), "different"),
        (("seun",), ("oluwaseun",), "form"),
        (("mohammed",), ("mohammed", "imran"), "initial"),
        (("alexander",), ("alexandra",), "different"),
        (("abd", "el", "rahman"), ("abdurrahman",), "same"),
        (("abdul", "aziz"), ("abdelrahman",), "different"),
        (("abdelaziz", "mahmoud", "tawfik"), ("abdelrahman", "mahmoud", "tawfik"), "different"),
        (("mary", "bernard"), ("patricia", "anne"), "religious"),
        (("ted",), ("theodoros",), "form"),
        (("xuseen",), ("hussein",), "form"),
        (("gillian",), ("jillian",), "form"),
        (("helen",), ("lee",), "different"),
        (("hsiaoyen",), ("xiaoyan",), "variant"),
    ],
)
def test_first_names_are_told_apart_as_people_would(
    mine: tuple[str, ...], theirs: tuple[str, ...], level: str
):
    assert likeness.compare_given(mine, theirs).level == level
    assert likeness.compare_given(theirs, mine).level == level


@pytest.mark.parametrize(
    ("mine", "theirs", "level"),
    [
        ("1983-01-01", "1986-01-01", "apart"),
        ("1983-01-01", "1983-06-12", "year"),
        ("1983-01-01", "1983-01-01", "new_year"),
    ],
)
def test_the_first_of_january_says_no_more_than_the_year(mine: str, theirs: str, level: str):
    assert birth.compare(birth.born(mine), birth.born(theirs)) == level


def test_an_age_may_be_two_years_off_but_says_less_then():
    about = birth.born("1980", from_age=True)
    assert birth.compare(about, birth.born("1982-03-04")) == "roughly"
    assert birth.compare(about, birth.born("1984-03-04")) == "apart"


def test_two_double_surnames_with_one_half_in_common_are_not_one_cut_short():
    assert likeness.compare_surname(("garcia", "lopez"), ("lopez", "ruiz")).level == "half"
    assert likeness.compare_surname(("garcia", "lopez"), ("lopez",)).level == "part"


def test_the_word_before_a_name_alone_does_not_lay_two_names_upon_each_other():
    one, other = names.normalise(
        [
            Name(given="Mohammed Imran", surname="Chaudhry"),
            Name(given="Mohammed Kamran", surname="Chaudhry"),
        ]
    )
    assert likeness.align(one, other).given.level not in {"same", "initial"}


def test_a_way_to_lay_names_that_compares_nothing_never_wins():
    one, other = names.normalise([Name(full="Najibullah"), Name(full="Zabiullah")])
    assert likeness.align(one, other).given.level


@pytest.mark.parametrize("given", ["Abdul Rahman", "Abdelrahman", "Abd el-Rahman"])
def test_a_name_in_arabic_letters_is_the_same_name_in_one_word_or_two(given: str):
    written = names.normalise([Name(given="عبد الرحمن", surname="الشاذلي")])[0]
    found = likeness.align(written, names.normalise([Name(given=given, surname="El Shazly")])[0])
    assert (found.given.level, found.surname.level) == ("variant", "variant")


@pytest.mark.parametrize(
    ("full", "given", "surname"),
    [
        ("Sister Mary Aquinas", ("mary", "aquinas"), ()),
        ("Miss Ní Dhomhnaill", (), ("ni", "dhomhnaill")),
        ("Uncle Phil", ("phil",), ()),
        ("Chan Siu Fong", ("siufong",), ("chan",)),
    ],
)
def test_a_name_is_parted_by_what_stands_before_it(
    full: str, given: tuple[str, ...], surname: tuple[str, ...]
):
    (found,) = names.normalise([Name(full=full)])
    assert (found.given, found.surname) == (given, surname)


@pytest.mark.parametrize("title", ["Dame", "Sister", "Swami"])
def test_a_title_of_an_order_says_that_the_first_name_was_taken(title: str):
    taken, born = (
        names.normalise([name])[0]
        for name in (
            Name(title=title, given="Hildegard", surname="Finch"),
            Name(given="Ada", surname="Finch"),
        )
    )
    assert likeness.align(taken, born).given.level == "religious"
    assert (
        likeness.align(born, names.normalise([Name(given="Hildegard", surname="Finch")])[0]).given.level
        != "religious"
    )


@pytest.mark.parametrize(
    ("name", "sex"),
    [
        (Name(given="Harjinder Kaur", surname="Dhaliwal"), "f"),
        (Name(given="Harjinder", surname="Singh"), "m"),
        (Name(title="Mrs", given="Harjinder", surname="Singh"), "f"),
        (Name(given="Harjinder", surname="Dhaliwal"), ""),
    ],
)
def test_a_part_of_a_name_that_only_one_sex_has_counts_where_no_title_does(name: Name, sex: str):
    assert names.sex_of([name]) == sex
