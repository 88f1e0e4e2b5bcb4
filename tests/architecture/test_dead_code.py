"""Nothing lies about that nobody uses; git remembers it."""

from tools.dead_code import unused


def test_everything_in_the_product_is_used_by_the_product():
    found = unused()
    assert not found, "Use it or delete it:\n" + "\n".join(found)
