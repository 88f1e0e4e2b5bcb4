"""What the form's data names: conditions, choices made of earlier answers, and names of items."""

from collections.abc import Callable

from services.intake.domain import codes
from services.intake.domain.answers import full_name
from services.intake.web.journey.questions import Answers, Choice, Context, date_words

# Somebody in one of these capacities may stay unnamed; everybody else tells us as part of their work.
_PRIVATE = frozenset({"PARENT_CARER", "CHILD_SELF", "PUBLIC", "ANONYMOUS", "WHISTLEBLOWER", "POC_SELF"})


def _private(_: Context, you: Answers) -> bool:
    return you.get("agency") in _PRIVATE


# Whoever tells as part of their work answers for what they say, so they are asked for name and workplace.
def _at_work(context: Context, you: Answers) -> bool:
    return not _private(context, you)


def _named(context: Context, you: Answers) -> bool:
    return _at_work(context, you) or you.get("identity") == "named"


def _several_adults(context: Context, _: Answers) -> bool:
    return len(context.answers.get("adults", ())) > 1


def _children(context: Context, _: Answers) -> bool:
    return bool(context.answers.get("children"))


def _somebody_to_choose(context: Context, item: Answers) -> bool:
    return _several_adults(context, item) or _children(context, item)


CONDITIONS: dict[str, Callable[[Context, Answers], bool]] = {
    "private": _private,
    "at_work": _at_work,
    "named": _named,
    "several_adults": _several_adults,
    "children": _children,
    "involved": _somebody_to_choose,
}


def _adults_so_far(context: Context) -> list[Choice]:
    return [
        (item["id"], adult_name(item) or f"Adult {number}")
        for number, item in enumerate(context.answers.get("adults", ()), start=1)
    ]


def _children_so_far(context: Context) -> list[Choice]:
    return [
        (item["id"], full_name(item) or f"Child {number}")
        for number, item in enumerate(context.answers.get("children", ()), start=1)
    ]


def _yes_no_unknown(_: Context) -> list[Choice]:
    return [("yes", "Yes"), ("no", "No"), ("unknown", "I do not know")]


CHOICES: dict[str, Callable[[Context], list[Choice]]] = {
    "adults": _adults_so_far,
    "children": _children_so_far,
    "yes_no_unknown": _yes_no_unknown,
}


def adult_name(item: Answers) -> str:
    """What to call an adult, empty when no name is known."""
    return full_name(item) or str(item.get("known_as", "")).split("\n")[0]


def _event_name(item: Answers, context: Context) -> str:
    category = item.get("category")
    words = codes.label(context.lists, "harm_category", category) if category else ""
    return f"{words}, {date_words(item['happened'])}" if words and item.get("happened") else words


ITEM_TITLES: dict[str, Callable[[Answers, Context], str]] = {
    "adult": lambda item, _: adult_name(item),
    "child": lambda item, _: full_name(item),
    "work": lambda item, _: str(item.get("setting", "")),
    "event": _event_name,
}
