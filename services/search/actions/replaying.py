"""The latest adults and settings looked at again as if another threshold held: nothing is kept, told or
crossed.
"""

from services.search.actions import adults, asking, watching
from services.search.domain import thresholds
from services.search.domain.patterns import Kind, Limit
from services.search.gateways.port import Index
from services.search.store import mentions, settings
from services.search.store.crossing import Question
from shared.store.transaction import Transaction

MOST = 40
_SHOWN = 100


def would_be_told(tx: Transaction[Index], least: int) -> tuple[int, int]:
    """How many matches within the authority the latest adults have from `least` per cent on, and how many
    adults these are."""
    latest = mentions.latest(tx, MOST)
    found = 0
    for one, looked_up in zip(latest, asking.look_up(tx, [one.made for one in latest]), strict=True):
        question = Question(one.made, one.who[0], one.who[1], reach=False)
        own = asking.ask(tx, question, found=looked_up).own
        found += sum(thresholds.percent(hit.grounds.probability) >= least for hit in own)
    return found, len(latest)


def would_be_patterns(tx: Transaction[Index], sign: Limit) -> tuple[int, int]:
    """Of how many of the adults, settings or bodies named last the sign would tell now, and how many these
    are.
    """
    looks = {Kind.PERSON: _adults, Kind.SETTING: _settings, Kind.PROVIDER: _bodies}[sign.kind](tx, sign)
    return sum(looks), len(looks)


def _adults(tx: Transaction[Index], sign: Limit) -> list[bool]:
    latest = mentions.latest(tx, MOST)
    found = adults.behind(tx, [one.who for one in latest])
    return [bool(one.grounds) for one in adults.amount(tx, found, [sign])]


def _settings(tx: Transaction[Index], sign: Limit) -> list[bool]:
    found, _ = settings.listed(tx, settings.Wanted(), 0, _SHOWN)
    amounts = watching.places(tx, [one.setting_id for one in found], [sign])
    return [bool(one.grounds) for one in amounts.values()]


def _bodies(tx: Transaction[Index], sign: Limit) -> list[bool]:
    found, _ = settings.listed(tx, settings.Wanted(), 0, _SHOWN)
    bodies = sorted({one.provider_id for one in found if one.provider_id})
    return [bool(watching.body(tx, one, [sign]).grounds) for one in bodies]
