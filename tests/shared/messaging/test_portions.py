"""A transaction takes as many records as take effect in time."""

from shared.messaging.portions import Portions


def test_whoever_is_quick_takes_more_up_to_the_most():
    portions = Portions(200)
    sizes = []
    for _ in range(6):
        sizes.append(portions.size)
        portions.took(portions.size, 0.01)
    assert sizes == [10, 20, 40, 80, 160, 200]


def test_whoever_is_slow_takes_less_but_never_nothing():
    portions = Portions(200)
    for _ in range(6):
        portions.took(portions.size, 3.0)
    assert portions.size == 1


def test_a_few_records_say_nothing_of_many():
    portions = Portions(200)
    portions.took(3, 0.001)
    assert portions.size == 10
