"""Values out as JSON and in again: nothing is lost, and nothing is guessed."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.feel import types as t
from pmo_engine.feel.values import Function, Missing, Range, Record
from pmo_engine.feel.wire import WireError, from_wire, plain, to_json
from pmo_engine.model.durations import Months
from pmo_engine.model.money import Money
from pmo_engine.source.diagnostics import NOWHERE
from pmo_engine.source.yaml_source import Text

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=Decimal(-(10**30)), max_value=Decimal(10**30)
)
CENTS = st.integers(-(10**17), 10**17)
VALUES = st.one_of(
    st.tuples(st.just(t.NUMBER), NUMBERS),
    st.tuples(st.just(t.STRING), st.text()),
    st.tuples(st.just(t.BOOLEAN), st.booleans()),
    st.tuples(st.just(t.DATE), st.dates()),
    st.tuples(st.just(t.DATE_TIME), st.datetimes(timezones=st.just(UTC))),
    st.tuples(st.just(t.DAYS_TIME_DURATION), st.timedeltas()),
    st.tuples(st.just(t.YEARS_MONTHS_DURATION), st.integers(-5000, 5000).map(Months)),
    st.tuples(st.just(t.MoneyType("GBP")), CENTS.map(lambda n: Money(Decimal(n) / 100, "GBP"))),
    st.tuples(st.just(t.EnumType(("a", "b"))), st.sampled_from(["a", "b"])),
)


@given(VALUES)
def test_a_value_comes_back_as_it_went(value: tuple[t.Type, object]) -> None:
    kind, given_value = value
    through = json.loads(json.dumps(to_json(given_value)))
    assert from_wire(kind, through, "x") == given_value


@given(st.lists(VALUES, max_size=4))
def test_records_and_lists_come_back_too(values: list[tuple[t.Type, object]]) -> None:
    kind = t.ContextType(tuple((f"f{n}", kind) for n, (kind, _) in enumerate(values)), "r")
    record = {f"f{n}": value for n, (_, value) in enumerate(values)}
    (back,) = from_wire(t.ListType(kind), json.loads(json.dumps(to_json([record]))), "x")
    assert back == record
    assert isinstance(back, Record)
    assert back.path == "x[1]"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (Decimal("12345678901234567890123456789012.34"), "12345678901234567890123456789012.34"),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T09:00:00Z"),
        (date(2026, 3, 2), "2026-03-02"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=36), "P1DT12H"),
        (Money(Decimal(5), "GBP"), "5 GBP"),
        (Missing(("a.b",)), None),
        ({"a": [None, True]}, {"a": [None, True]}),
        (Range(Decimal(1), Decimal(2), low_included=True, high_included=False), "[1..2)"),
        (Function(("a",), lambda a: a), "function"),
    ],
)
def test_how_values_are_written(value: object, written: object) -> None:
    assert to_json(value) == written


@pytest.mark.parametrize("written", ["1E+999999999", "1E-999999999", "Infinity", "sNaN"])
def test_numbers_that_would_fill_the_memory_are_none(written: str) -> None:
    with pytest.raises(WireError, match="is not a number"):
        from_wire(t.NUMBER, written, "x")


@pytest.mark.parametrize("written", ["null", "~", ""])
def test_null_is_null_where_yaml_has_it_and_not_where_it_is_quoted(written: str) -> None:
    assert from_wire(t.STRING, Text(written, NOWHERE), "x") is None
    assert from_wire(t.STRING, Text(written, NOWHERE, "'"), "x") == written
    assert from_wire(t.STRING, written, "x") == written


@given(st.floats())
def test_binary_fractions_are_refused_everywhere(value: float) -> None:
    for kind in (t.NUMBER, t.ANY, t.MoneyType("GBP"), t.STRING, t.DATE):
        with pytest.raises(WireError):
            from_wire(kind, value, "x")
    with pytest.raises(WireError, match=r"^x.a\[1\]: "):
        plain({"a": [value]}, "x")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
KINDS = st.sampled_from(
    [
        *t.BY_NAME.values(),
        t.MoneyType(),
        t.MoneyType("JPY"),
        t.EnumType(("a",)),
        t.ListType(t.DATE),
        t.ContextType((("a", t.DATE),), "r", open=True),
    ]
)


@given(KINDS, JSON)
def test_whatever_comes_is_typed_or_refused_in_one_short_line(kind: t.Type, value: object) -> None:
    try:
        from_wire(kind, value, "x")
    except WireError as caught:
        error = caught
    else:
        return
    assert len(str(error)) < 200
    assert error.path.startswith("x")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (t.STRING, "a\ud800"),
        (t.ANY, {"a": ["\udfff"]}),
        (t.ANY, {"a\ud800": 1}),
        (t.NUMBER, "1\ud800"),
        (t.EnumType(("a",)), "\ud800"),
        (t.ContextType((), "r"), {"\ud800": 1}),
        (t.ContextType((), "r", open=True), {"b": "\ud800"}),
    ],
)
def test_half_of_a_character_is_refused_in_words_that_can_be_printed(
    kind: t.Type, value: object
) -> None:
    with pytest.raises(WireError) as caught:
        from_wire(kind, value, "x")
    assert str(caught.value).encode("utf-8").startswith(b"x")
    assert "\\ud" in str(caught.value)


def test_whole_characters_pass() -> None:
    assert from_wire(t.STRING, "a\U0001f600\u00e9", "x") == "a\U0001f600\u00e9"


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "\u0661\u0662",
        " 5",
        "5 ",
        "+5",
        "5.",
        "--5",
        "0x5",
        "1e",
        "e5",
        "1" * 1001,
        "0." + "1" * 1001,
        "1e9999999",
        "\uff15",
    ],
)
def test_numbers_are_read_as_money_is_in_plain_digits(text: str) -> None:
    with pytest.raises(WireError, match="is not a number"):
        from_wire(t.NUMBER, text, "n")
    with pytest.raises(WireError):
        from_wire(t.MoneyType("GBP"), f"{text} GBP", "m")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("-5.50", "-5.50"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("1E-3", "0.001"),
        ("1" * 1000, "1" * 1000),
        (Decimal("1e-6000"), "1e-6000"),
        (10**900, "1e900"),
    ],
)
def test_what_json_calls_a_number_is_one(value: object, number: str) -> None:
    assert from_wire(t.NUMBER, value, "n") == Decimal(number)


@pytest.mark.parametrize(
    "value", [Decimal("1" * 1001), Decimal("1e9999"), Decimal("NaN"), Decimal("-Infinity")]
)
def test_numbers_of_other_programs_are_bounded_whatever_the_field(value: Decimal) -> None:
    for kind in (t.NUMBER, t.ANY):
        with pytest.raises(WireError, match="is not a number"):
            from_wire(kind, value, "n")


def nested(levels: int) -> object:
    value: object = "x"
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def test_what_is_nested_too_deeply_is_refused_in_one_line() -> None:
    assert from_wire(t.ANY, nested(50), "n")
    for kind in (t.ANY, t.NUMBER, t.STRING, t.ListType(t.ANY), t.MoneyType("GBP")):
        for levels in (51, 5000):
            with pytest.raises(WireError, match="n: is nested deeper than 50 levels"):
                from_wire(kind, nested(levels), "n")
    with pytest.raises(WireError, match="nested deeper than 50 levels"):
        plain(nested(5000))


@pytest.mark.parametrize(
    ("value", "way"),
    [
        ("20260228", "is not a date: write 2026-02-28"),
        (20260228, "is not a date: write 2026-02-28"),
        ("2026-W09-6", "'2026-W09-6' is not a date, as in 2026-03-31"),
        ("2026-02-30", "'2026-02-30' is not a date, as in 2026-03-31"),
        ("someday", "'someday' is not a date, as in 2026-03-31"),
    ],
)
def test_a_day_is_written_in_one_way_and_what_could_be_a_number_is_none(
    value: object, way: str
) -> None:
    with pytest.raises(WireError) as caught:
        from_wire(t.DATE, value, "risk.due")
    assert way in str(caught.value)
