"""The whole region in a process of its own, visited over HTTP: the main job, and a restart in the middle."""

from pathlib import Path

from shared.cli.acts import find_contact, report, signed_in
from shared.cli.demo import Hop, Play, perform
from shared.cli.private import serve_privately
from shared.cli.story import ADULT_FORM
from shared.cli.visitor import Visitor


def test_the_main_job_is_seen_from_the_form_to_the_figures(tmp_path: Path):
    seen: list[Hop] = []
    with serve_privately(tmp_path) as address:
        perform(Play(address, seen.append))
    assert [hop.number for hop in seen] == list(range(1, 13))
    assert "wiltshire" in seen[3].seen
    assert "N03" in seen[7].seen


def test_what_was_reported_is_there_after_a_restart(tmp_path: Path):
    with serve_privately(tmp_path) as address:
        reference = report(Visitor(address), "dorset", ADULT_FORM)
    with serve_privately(tmp_path) as address:
        officer = signed_in(Visitor(address), "Dorset", "Officer")
        assert find_contact(officer, reference)
