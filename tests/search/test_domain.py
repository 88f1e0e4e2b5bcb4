"""Normal forms: what is the same however it is written, and what is not."""

import pytest

from services.search.domain import birth, keys, names, places, reach, registrations, workplaces
from services.search.domain.forms import are_forms
from services.search.domain.portrait import portray
from services.search.domain.script import words
from services.search.domain.sound import skeleton
from shared.contracts.people import Address, Name, Person
from tests.search.adults import adult, bare


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("O’Brien-Smith", ("obrien", "smith")),
        ("Małgorzata", ("malgorzata",)),
        ("张伟", ("zhang", "wei")),
        ("محمد", ("mhmd",)),
        ("Олександр", ("oleksandr",)),
        ("\u202eRobert'); DROP TABLE mention;--", ("robert", "drop", "table", "mention")),
        ("🙂", ()),
        ("x" * 10_000, ("x" * 200,)),
    ],
)
def test_text_of_any_script_becomes_plain_words(text: str, made: tuple[str, ...]):
    assert words(text) == made


@pytest.mark.parametrize(
    "alike",
    [
        ("mohammed", "muhammad", "mhmd"),
        ("hussain", "hossein", "husayn"),
        ("catherine", "katharine", "kathryn"),
        ("steven", "stefen"),
        ("chowdhury", "choudhry"),
        ("nicholson", "nicolson"),
        ("thompson", "thomson"),
        ("jablonska", "jablonski"),
    ],
)
def test_spellings_that_sound_alike_share_a_skeleton(alike: tuple[str, ...]):
    assert len({skeleton(word) for word in alike}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("bob", "robert"), ("gaz", "gary"), ("gosia", "malgorzata"), ("seun", "oluwaseun"), ("neve", "niamh"),
     ("mo", "mohammed"), ("dai", "dafydd"), ("liam", "william"), ("joseph", "yusuf"), ("jenny", "jenifer"),
     ("oleksandr", "sasha"), ("gheorghe", "george"), ("harry", "harpreet")],
)  # fmt: skip
def test_forms_of_a_first_name_are_known(one: str, other: str):
    assert are_forms(one, other) and are_forms(other, one)


@pytest.mark.parametrize(("one", "other"), [("john", "mary"), ("simon", "siobhan"), ("thomas", "theresa")])
def test_other_first_names_are_not_forms(one: str, other: str):
    assert not are_forms(one, other)


@pytest.mark.parametrize(
    ("said", "given", "surname"),
    [
        (Name(given="Mr Nigel", surname="O'Brian"), ("nigel",), ("obrian",)),
        (Name(full="AL-KHATIB, Walid"), ("walid",), ("al", "khatib")),
        (Name(full="KARIM Shuaib"), ("shuaib",), ("karim",)),
        (Name(full="Shuaib KARIM"), ("shuaib",), ("karim",)),
        (Name(full="Maria de la Cruz"), ("maria",), ("de", "la", "cruz")),
        (Name(full="张伟"), ("wei",), ("zhang",)),
        (Name(given="Sean", surname="O Brien"), ("sean",), ("obrien",)),
        (Name(given="Madonna"), ("madonna",), ()),
        (Name(full="Mr Suharto"), (), ("suharto",)),
        (Name(full="Sister Bernard"), ("bernard",), ()),
        (Name(full="WONG Tai-Man"), ("taiman",), ("wong",)),
        (Name(full="Trần Văn Bình"), ("binh",), ("tran",)),
        (Name(given="David Tai Man", surname="Wong"), ("david", "taiman"), ("wong",)),
        (Name(given="Gary", surname="Parker Jr"), ("gary",), ("parker",)),
    ],
)
def test_names_are_parted(said: Name, given: tuple[str, ...], surname: tuple[str, ...]):
    (made,) = names.normalise([said])
    assert (made.given, made.surname) == (given, surname)


def test_a_name_that_says_nothing_is_no_name():
    assert names.normalise([Name(full="not known"), Name(), Name(given="Unknown")]) == ()


@pytest.mark.parametrize(
    ("mine", "theirs", "level"),
    [
        ("1984-05-13", "1984-05-13", "same"),
        ("1984-01-01", "1984-01-01", "new_year"),
        ("1984-05-12", "1984-12-05", "swapped"),
        ("1984-05-13", "1984-05-15", "slip"),
        ("1984-05-13", "1985-04-13", "near"),
        ("1984-05-13", "1984-05-27", "two_parts"),
        ("1984-05-13", "1984-11-22", "same_year"),
        ("1984-05-13", "1992-11-22", "apart"),
        ("1984-05-13", "1954-11-22", "generation"),
        ("1984", "1984-05-13", "year"),
        ("1984-05", "1984-05-13", "month"),
        ("1984", "1986-05-13", "near"),
        ("", "1984-05-13", ""),
        ("1900-01-01", "1900-01-01", ""),
    ],
)
def test_birth_dates_agree_as_far_as_they_are_known(mine: str, theirs: str, level: str):
    assert birth.compare(birth.born(mine), birth.born(theirs)) == level
    assert birth.compare(birth.born(theirs), birth.born(mine)) == level


def test_a_year_from_an_age_may_be_one_off():
    assert birth.compare(birth.born("1985", from_age=True), birth.born("1984-05-13")) == "about"


@pytest.mark.parametrize("text", ["1850-02-03", "2031-02-03", "1984-13-01", "last May", "1984-02-99"])
def test_an_impossible_birth_date_is_unknown(text: str):
    assert birth.born(text, latest=2012) == birth.UNKNOWN


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("dt1 2qx", "DT12QX"),
        ("DT12QX", "DT12QX"),
        ("ZZ99 3WZ", ""),
        ("somewhere", ""),
        ("D02 X285", "D02X285"),
    ],
)
def test_postcodes_have_one_form(text: str, made: str):
    assert places.postcode(text) == made


@pytest.mark.parametrize(
    ("line", "code", "level"),
    [
        ("14 Larkspur Close", "DT1 2QX", "same"),
        ("14, Larkspur Cl", "DT1 2QY", "near"),
        ("Flat 2", "DT1 2QX", "neighbours"),
        ("", "DT1 2QX", "postcode"),
        ("3 Ferry Steps", "DT1 4AA", "district"),
        ("14 Larkspur Close", "", "door"),
        ("3 Ferry Steps", "SP1 7TT", "different"),
        ("41 Larkspur Close", "DT1 4AA", "street"),
    ],
)
def test_addresses_agree_by_postcode_door_and_district(line: str, code: str, level: str):
    mine = places.place("14 Larkspur Close", "Dorchester", "DT1 2QX")
    theirs = places.place(line, "Dorchester", code)
    assert mine is not None and theirs is not None
    assert places.compare(mine, theirs) == places.compare(theirs, mine) == level


@pytest.mark.parametrize("text", ["07700 900123", "+44 7700 900123", "0044 7700 900 123", "(07700) 900-123"])
def test_telephone_numbers_have_one_form(text: str):
    assert reach.phone(text) == "+447700900123" and reach.is_mobile(reach.phone(text))


@pytest.mark.parametrize("text", ["n/a", "12", "0000000000", "ring the school"])
def test_what_is_no_telephone_number_is_left_out(text: str):
    assert reach.phone(text) == ""


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A.Finch+work@Post.Example ", "a.finch@post.example"),
        ("office@school.example", ""),
        ("head1@school.example", ""),
        ("none", ""),
    ],
)
def test_mailboxes_of_an_office_are_nobodys(text: str, made: str):
    assert reach.email(text) == made


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("TRN", "99/12345"), ("TRN", "9912345"), "same"),
        (("DBS", "001234567890"), ("DBS", "1234567890"), "same"),
        (("TRN", "9912345"), ("TRN", "9912354"), "slip"),
        (("TRN", "9912345"), ("TRN", "1100223"), "conflict"),
        (("DBS", "001234567890"), ("DBS", "009876543211"), "other_certificate"),
        (("TRN", "9912345"), ("SWE", "9912345"), ""),
    ],
)
def test_registration_numbers_agree_within_their_scheme(
    one: tuple[str, str], other: tuple[str, str], level: str
):
    mine, theirs = registrations.registration(*one), registrations.registration(*other)
    assert mine and theirs
    assert registrations.compare([mine], [theirs])[0] == level


@pytest.mark.parametrize(
    ("name", "town", "code", "level"),
    [
        ("St Osyths Primary", "Dorchester", "DT1 9ZZ", "same"),
        ("Saint Osyth's C of E School", "", "", "name"),
        ("St Osyth's Primary School", "Salisbury", "SP1 1AA", "namesake"),
        ("Hollowmere Academy", "Dorchester", "DT1 9ZZ", "different"),
    ],
)
def test_settings_agree_by_their_telling_words_and_place(name: str, town: str, code: str, level: str):
    mine = workplaces.workplace("St Osyth's Primary School", "Dorchester", "DT1 9ZZ")
    theirs = workplaces.workplace(name, town, code)
    assert mine is not None and theirs is not None
    assert workplaces.compare(mine, theirs) == workplaces.compare(theirs, mine) == level


def test_a_setting_of_common_words_only_keeps_them():
    made = workplaces.workplace("The Community School", "Dorchester", "")
    assert made is not None and made.core == "the community school"


def test_a_person_has_some_fifteen_keys_and_shares_them_with_other_spellings():
    mine = keys.cut(portray(adult()))
    asked = keys.cut(portray(bare("Roz", "Quilfether", "1984-05-13")), wide=True)
    assert 12 <= len(mine) <= 30
    assert {"D", "N", "M", "Y"} <= {text[0] for text in asked if text in mine}


def test_keys_mean_nothing_without_the_secret():
    one, other = keys.hashing(b"one"), keys.hashing(b"other")
    assert one("N|a|b") == one("N|a|b") != other("N|a|b")
    assert 0 <= one("N|a|b") < 2**63


def test_nothing_that_is_typed_breaks_a_portrait():
    strange = Person(
        id="x",
        names=tuple(Name(given="\u202e" + "ab" * 9_000, surname="'; --") for _ in range(50)),
        born="0000-00-00",
        addresses=(Address(line1="\x00", postcode="9" * 500),),
        phones=("+" * 400,),
        emails=("@" * 400,),
    )
    made = portray(strange)
    assert len(made.names) <= 8 and not made.phones and not made.emails
    assert len(keys.cut(made, wide=True)) < 500
