"""Sealed values open in their own place, with their own keys, unaltered, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto import Unreadable, Vault

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
VAULT = Vault((OLD,))
PLACE = "casework/case/1/name"
PLACES = st.tuples(st.sampled_from(["dorset", "wiltshire", "bcp"]), st.text(max_size=30))


def refused(vault: Vault, authority: str, context: str, sealed: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        vault.open(authority, context, sealed)
    assert caught.value.__suppress_context__
    return str(caught.value)


@given(PLACES, st.binary(max_size=500))
def test_a_value_opens_where_it_was_sealed(place: tuple[str, str], plain: bytes) -> None:
    assert VAULT.open(*place, VAULT.seal(*place, plain)) == plain


@given(PLACES, PLACES, st.binary(max_size=60))
def test_a_value_moved_to_another_place_does_not_open(
    place: tuple[str, str], moved: tuple[str, str], plain: bytes
) -> None:
    if place != moved:
        refused(VAULT, *moved, VAULT.seal(*place, plain))


@pytest.mark.parametrize(
    ("authority", "context"),
    [
        ("wiltshire", PLACE),
        ("dorset", "casework/case/2/name"),
        ("dorset", "casework/case/1/notes"),
        ("dorset", "intake/case/1/name"),
    ],
)
def test_authority_record_column_and_service_are_bound(authority: str, context: str) -> None:
    refused(VAULT, authority, context, VAULT.seal("dorset", PLACE, b"Quillfeather"))


@given(st.data(), st.binary(min_size=1, max_size=40))
def test_a_value_with_any_bit_altered_does_not_open(data: st.DataObject, plain: bytes) -> None:
    sealed = bytearray(VAULT.seal("dorset", PLACE, plain))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    refused(VAULT, "dorset", PLACE, bytes(sealed))


@given(st.integers(0, 120))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealed = VAULT.seal("dorset", PLACE, b"Quillfeather")
    if length < len(sealed):
        refused(VAULT, "dorset", PLACE, sealed[:length])


def test_parts_of_two_values_of_one_place_do_not_mix() -> None:
    first, second = (VAULT.seal("dorset", PLACE, word) for word in (b"yes", b"no"))
    refused(VAULT, "dorset", PLACE, first[:77] + second[77:])


@given(st.binary(max_size=200))
def test_noise_does_not_open_and_the_answer_never_tells_why(noise: bytes) -> None:
    sentence = refused(VAULT, "dorset", PLACE, noise)
    assert sentence == refused(VAULT, "wiltshire", PLACE, VAULT.seal("dorset", PLACE, b"x"))


def test_the_same_value_never_looks_the_same() -> None:
    assert len({VAULT.seal("dorset", PLACE, b"Quillfeather") for _ in range(200)}) == 200


def test_nothing_of_the_value_shows() -> None:
    sealed = VAULT.seal("dorset", PLACE, b"Quillfeather" * 20)
    assert b"Quill" not in sealed
    assert b"dorset" not in sealed


def test_other_root_keys_open_nothing() -> None:
    refused(Vault((NEW,)), "dorset", PLACE, VAULT.seal("dorset", PLACE, b"x"))


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    both = Vault((NEW, OLD))
    before, after = VAULT.seal("dorset", PLACE, b"x"), both.seal("dorset", PLACE, b"x")
    assert both.open("dorset", PLACE, before) == both.open("dorset", PLACE, after) == b"x"
    assert both.is_current(after)
    assert not both.is_current(before)
    refused(VAULT, "dorset", PLACE, after)


@given(PLACES, st.binary(max_size=200))
def test_rotation_rewraps_and_then_the_old_key_is_not_needed(place: tuple[str, str], plain: bytes) -> None:
    both = Vault((NEW, OLD))
    before = VAULT.seal(*place, plain)
    after = both.rewrap(place[0], before)
    assert both.is_current(after)
    assert Vault((NEW,)).open(*place, after) == plain
    assert after[77:] == before[77:]


def test_rotation_does_not_bless_what_was_moved_or_altered() -> None:
    both, sealed = Vault((NEW, OLD)), VAULT.seal("dorset", PLACE, b"x")
    for authority, value in (("wiltshire", sealed), ("dorset", b"noise")):
        with pytest.raises(Unreadable):
            both.rewrap(authority, value)
    refused(both, "dorset", "elsewhere", both.rewrap("dorset", sealed))
    refused(both, "dorset", PLACE, both.rewrap("dorset", sealed[:-1] + b"\x00"))


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_fingerprint_knows_equal_values_of_one_purpose_only(one: str, other: str) -> None:
    assert VAULT.fingerprint("name", one) == VAULT.fingerprint("name", one.encode("utf-8", "surrogatepass"))
    assert (VAULT.fingerprint("name", one) == VAULT.fingerprint("name", other)) == (one == other)
    assert VAULT.fingerprint("name", one) != VAULT.fingerprint("phone", one)


def test_a_fingerprint_needs_the_key_and_outlives_rotation() -> None:
    assert VAULT.fingerprint("name", "x") != Vault((NEW,)).fingerprint("name", "x")
    assert VAULT.fingerprint("name", "x") == Vault((NEW, OLD)).fingerprint("name", "x")
