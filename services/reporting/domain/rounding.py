"""How a proportion becomes a printed number: always stated, because two honest modes differ (140 of 163 is 85
or 86 %).
"""

from enum import StrEnum


class Rounding(StrEnum):
    """`truncate` cuts off, as some authorities' printed reports do; `half-up` is what most readers expect."""

    HALF_UP = "half-up"
    TRUNCATE = "truncate"


def percent(count: int, base: int, rounding: Rounding, places: int = 1) -> str:
    """`count` of `base` in per cent, without the sign; '' when there is nothing to divide by.

    Negative counts (a change) round away from zero and truncate towards it.
    """
    if not base:
        return ""
    # Whole numbers all the way: a float would turn some exact halves into just less than a half.
    scaled = 100 * 10**places * abs(count)
    whole = scaled // base if rounding is Rounding.TRUNCATE else (2 * scaled + base) // (2 * base)
    text = f"{whole // 10**places}"
    if places:
        text += f".{whole % 10**places:0{places}d}"
    return f"-{text}" if count < 0 and whole else text


def change(now: int, before: int, rounding: Rounding, places: int = 1) -> str:
    """How much `now` differs from `before` in per cent of `before`, with its sign; '' when nothing was
    before.
    """
    text = percent(now - before, before, rounding, places)
    grows = now > before and text.strip("0.")
    return f"+{text}" if grows else text
