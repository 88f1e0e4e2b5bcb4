"""The canary that sits in every test notices what it is there for."""

import pytest

from tests import overheard
from tests.overheard import Overheard


class Answer:
    """A page with one link, as far as the canary looks."""

    path = "/intake/contacts?x=1"

    def __init__(self, location: str = "") -> None:
        self.headers = {"Location": location}
        self.tree = None


@pytest.fixture(autouse=True)
def nothing_typed() -> None:
    """As at the start of a test."""
    overheard.forget()


def test_a_name_that_was_typed_is_found_in_an_address_however_it_is_written():
    overheard.note({"surname": "Featherstone-Marl", "role": "TEACHING_ASSISTANT"})
    overheard.check_addresses(Answer("/search/people?role=TEACHING_ASSISTANT"))  # type: ignore[arg-type]
    for place in ("/search/people?q=Featherstone-Marl", "/x/FEATHERSTONE%2DMARL"):
        with pytest.raises(Overheard, match=r"an address of /intake/contacts"):
            overheard.check_addresses(Answer(place))  # type: ignore[arg-type]
    overheard.forget()
    overheard.check_addresses(Answer("/search/people?q=Featherstone-Marl"))  # type: ignore[arg-type]


def test_what_was_sent_as_json_is_known_however_deep_it_lies():
    overheard.note({"adults": [{"id": "1", "names": [{"given": "Thessalonica"}]}], "token": "abcdefghijkl"})
    overheard.check_lines('{"event": "request_answered", "subject_id": "abcdefghijkl"}')
    with pytest.raises(Overheard, match="the log"):
        overheard.check_lines('{"event": "request_answered", "fault": "for thessalonica"}')


def test_only_lines_of_the_log_are_listened_to_and_short_words_are_not_known():
    overheard.note({"surname": "Featherstone-Marl", "given": "Al"})
    overheard.check_lines("a traceback of pytest shows Featherstone-Marl\n" + '{"event": "all_went_well"}')
