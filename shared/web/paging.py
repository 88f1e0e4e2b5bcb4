"""Lists a page at a time: fifty rows, with the filters kept in every link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

import flask

T = TypeVar("T")
SIZE = 50
# Far offsets cost the database what nobody reads; whoever needs more narrows the filters.
_FURTHEST = 10_000


@dataclass(frozen=True)
class Asked:
    """Which page of a list somebody asks for; `number` counts from 1."""

    number: int
    size: int = SIZE
    # For pages: a link to what a list no longer has is not answered with "nothing matches".
    leads_back: bool = False

    @property
    def offset(self) -> int:
        """How many rows to skip."""
        return (self.number - 1) * self.size

    @property
    def limit(self) -> int:
        """How many rows to take."""
        return self.size

    def of(self, items: Sequence[T], total: int) -> "Page[T]":
        """The page with its rows; `total` counts all rows of the list. Leads to its last page from one
        beyond."""
        page = Page(items, total, self.number, self.size)
        if self.leads_back and self.number > page.pages:
            flask.abort(flask.redirect(page.address(page.pages)))
        return page


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of one page and where it stands in its list."""

    items: Sequence[T]
    total: int
    number: int
    size: int = SIZE

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row shown, 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.items) - 1 if self.items else 0

    def near(self) -> list[int | None]:
        """The page numbers to offer; None stands for a gap."""
        wanted = sorted(
            {1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)}
        )
        shown: list[int | None] = []
        for number in wanted:
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown

    def address(self, number: int) -> str:
        """The address of another page of the same list with the same filters."""
        kept = [(name, value) for name, value in flask.request.args.items(multi=True) if name != "page"]
        return f"{flask.request.path}?{urlencode([*kept, ('page', str(number))])}"


def page_of(arguments: Mapping[str, str], size: int = SIZE) -> Asked:
    """The page asked for by `page=`; anything that is no page number means the first."""
    text = arguments.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
    return Asked(min(max(number, 1), _FURTHEST), size, leads_back=True)
