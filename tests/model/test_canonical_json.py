"""Canonical JSON: one form for each value, as RFC 8785 has it, and exact numbers as text."""

import json
import struct
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.model.canonical_json import NotCanonical, canonical
from pmo_engine.model.decimals import digits

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
EXACT = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | EXACT | TEXTS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


def double(bits: str) -> float:
    return struct.unpack(">d", bytes.fromhex(bits))[0]


def as_doubles(text: str | bytes) -> object:
    """Read JSON as the RFC does: every number is a double."""
    return json.loads(text, parse_int=float)


# Numbers of the RFC's appendix B: the bits of a double, and how it is written.
@pytest.mark.parametrize(
    ("bits", "written"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_a_double_is_written_as_the_rfc_writes_it(bits, written):
    assert canonical(double(bits)) == written.encode()


def test_keys_stand_in_the_order_of_utf_16():
    # One name of each length in UTF-8; the emoji begins with a surrogate, before U+FB33.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    found = json.loads(canonical(dict.fromkeys(names, 0)), object_pairs_hook=list)
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert [name for name, _ in found] == order


def test_strings_are_escaped_only_where_they_must_be():
    text = '\u20ac$\x0f\nA\'B"\\"/\b\t\f\r\x7f\u2028'
    written = '"\u20ac$\\u000f\\nA\'B\\"\\\\\\"/\\b\\t\\f\\r\x7f\u2028"'
    assert canonical(text) == written.encode()


def test_a_document_has_no_spaces_at_any_depth():
    document = {"b": [None, True, False, {}], "a": {"z": (), "y": 1.0}}
    assert canonical(document) == b'{"a":{"y":1,"z":[]},"b":[null,true,false,{}]}'


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2**53 - 1, b"9007199254740991"),
        (-(2**53) + 1, b"-9007199254740991"),
        (2**53, b'"9007199254740992"'),
        (-(2**53), b'"-9007199254740992"'),
        (10**30, b'"1' + b"0" * 30 + b'"'),
        (Decimal("50000.50"), b'"50000.5"'),
        (Decimal("1E+3"), b'"1000"'),
        (Decimal(100), b'"100"'),
        (Decimal("1E-7"), b'"0.0000001"'),
        (Decimal("-0.00"), b'"0"'),
        (Decimal("3.0"), b'"3"'),
    ],
)
def test_numbers_that_json_may_lose_are_text(number, written):
    assert canonical(number) == written
    assert canonical({"n": [number]}) == b'{"n":[' + written + b"]}"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({1: "a"}, "1 has no canonical JSON: a key is a text"),
        ({"a": {None: 1}}, "None has no canonical JSON: a key is a text"),
        ({"at": {1, 2}}, "it is a set"),
        (b"bytes", "it is a bytes"),
        (float("nan"), "nan"),
        ([float("inf")], "inf"),
        (Decimal("NaN"), "it is not finite"),
        (Decimal("-Infinity"), "it is not finite"),
        ("half \ud800", "non-UTF-8"),
        ({"half \ud800": 1}, "surrogates not allowed"),
    ],
)
def test_what_has_no_form_is_refused(value, told):
    with pytest.raises(NotCanonical, match=told):
        canonical(value)


def test_what_never_ends_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(NotCanonical, match="nested too deeply"):
        canonical(endless)


def test_what_is_refused_is_told_in_few_words():
    with pytest.raises(NotCanonical) as caught:
        canonical([b"x" * 10_000])
    assert len(str(caught.value)) < 200


@given(VALUES)
def test_it_is_what_the_rfc_library_writes(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_it_reads_back_as_what_was_written(value):
    assert as_doubles(canonical(value)) == as_doubles(json.dumps(value))


@given(VALUES)
def test_what_was_read_back_has_the_same_form(value):
    assert canonical(as_doubles(canonical(value))) == canonical(value)


@given(st.dictionaries(TEXTS, VALUES), st.randoms(use_true_random=False))
def test_the_order_in_which_keys_were_set_is_no_matter(document, random):
    items = list(document.items())
    random.shuffle(items)
    assert canonical(dict(items)) == canonical(document)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 5))
def test_equal_numbers_have_one_form_and_keep_every_digit(number, zeros):
    sign, figures, exponent = number.as_tuple()
    padded = Decimal((sign, (*figures, *[0] * zeros), exponent - zeros))
    assert digits(padded) == digits(number)
    assert Decimal(digits(number)) == number
