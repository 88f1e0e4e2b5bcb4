"""Python's search for garbage, while much is made at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A batch of thousands of records stays below it: what it holds would be looked through, and kept, each time.
_MADE = 100_000


@contextmanager
def sought_seldom() -> Iterator[None]:
    """Among what is made from here on, and not in the whole program: both cost a quarter of the time."""
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_MADE, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
