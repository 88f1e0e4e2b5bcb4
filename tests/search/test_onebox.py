"""One line of whatever is known, told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.domain import onebox
from shared.contracts.people import Identifier


def test_a_line_of_everything_is_told_apart():
    said, reference = onebox.read(
        "Quillfeather, Rosalind 13/5/1984 DT1 2QX 07700 900123 r.q@post.example TRN 9912345 DOR-2026-7KQ4XM",
        "x",
    )
    assert [one.full for one in said.names] == ["Quillfeather, Rosalind"]
    assert said.born == "1984-05-13" and said.addresses[0].postcode == "DT1 2QX"
    assert said.phones == ("07700 900123",) and said.emails == ("r.q@post.example",)
    assert said.identifiers == (Identifier(scheme="TRN", value="9912345"),) and reference == "DOR-2026-7KQ4XM"


@pytest.mark.parametrize(
    ("line", "born", "name"),
    [
        ("Ada Finch born 1984", "1984", "Ada Finch born"),
        ("Ada Finch 13 May 1984", "1984-05-13", "Ada Finch"),
        ("1984-05-13 Ada Finch", "1984-05-13", "Ada Finch"),
        ("Ada Finch 1st of 1984", "1984", "Ada Finch 1st of"),
        ("Ada O’Finch-Oak", "", "Ada O’Finch-Oak"),
        ("31.2.1984", "1984-02-31", ""),
    ],
)
def test_dates_are_read_as_people_write_them(line: str, born: str, name: str):
    said = onebox.read(line, "x").person
    assert said.born == born and [one.full for one in said.names] == ([name] if name else [])


@given(st.text(max_size=onebox.LONGEST))
def test_any_line_is_read(line: str):
    onebox.read(line, "x")
