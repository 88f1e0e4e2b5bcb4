"""Stretches of days that do not overlap and leave no gap, so that the shares of all bands make 100 per cent.

Four, eight and twelve weeks are what authorities report against; the band up to six months closes the gap
that a report with only "6 months or longer" leaves.
"""

from bisect import bisect_left

NOT_CONCLUDED = "NOT_CONCLUDED"
LONGEST = "OVER_26_WEEKS"

_ENDS = (28, 56, 84, 182)
BANDS = ("UP_TO_4_WEEKS", "UP_TO_8_WEEKS", "UP_TO_12_WEEKS", "UP_TO_26_WEEKS", LONGEST)


def band_of(days: int) -> str:
    """The band of a number of days; its last day belongs to it (28 days are up to four weeks)."""
    return BANDS[bisect_left(_ENDS, days)]
