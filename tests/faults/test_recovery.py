"""What a kill run says of its recoveries."""

from tests.faults.recovery import Fault, Work, recoveries

KILLED = Fault("kill", "worker casework", 10.0, 10.0)
# Done at 16, could have been done since 9.
LATE = Work(effects=[(5.0, 4.0), (16.0, 9.0)], publications=[(10.5, 10.2)])


def _seconds(*others: Fault, work: Work = LATE) -> dict[str, list[float]]:
    found = recoveries(sorted([KILLED, *others], key=lambda one: one.at), {"casework": work}, {})
    return {what: [one.seconds for one in all_] for what, all_ in found.items()}


def test_a_recovery_lasts_from_the_end_of_the_fault_until_the_first_work():
    assert _seconds() == {"consumer": [6.0], "relay": [0.3000000000000007]}


def test_one_that_another_process_held_up_by_standing_still_is_counted_apart():
    paused = Fault("pause", "web casework", 8.0, 15.9)
    assert _seconds(paused).keys() == {"consumer, another standing still", "relay, another standing still"}


def test_a_pause_that_was_over_or_of_another_service_holds_nothing_up():
    over, elsewhere = Fault("pause", "web casework", 2.0, 9.9), Fault("pause", "web intake", 8.0, 20.0)
    assert _seconds(over, elsewhere).keys() == {"consumer", "relay"}


def test_one_that_was_struck_again_before_it_recovered_is_not_counted():
    again = Fault("container", "worker casework", 12.0, 12.0)
    assert "consumer" not in _seconds(again)
