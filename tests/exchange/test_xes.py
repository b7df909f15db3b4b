import gzip
import tracemalloc
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.exchange.event_logs import HistoryError, open_log, xes

AT = '<date key="time:timestamp" value="2026-03-02T09:00:00+01:00"/>'
ACTIVITY = '<string key="concept:name" value="sent"/>'
CASE = '<string key="concept:name" value="c1"/>'
NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)


def failure(path, **options):
    with pytest.raises(HistoryError) as caught:
        list(open_log(path, **options))
    return caught.value


def fails_at(error, line, column, *words):
    assert (error.line, error.column) == (line, column), str(error)
    assert str(error).startswith(f"{error.file}:{line}:{column}: ")
    for word in words:
        assert word in str(error)
    return True


def test_a_case_has_its_attributes_and_its_events_have_theirs(log_of):
    path = log_of(
        f'{CASE}<int key="amount" value="7"/>\n'
        f'<event>{AT}{ACTIVITY}<string key="lifecycle:transition" value="complete"/></event>'
    )
    (case,) = open_log(path)
    assert (case.id, case.attributes) == ("c1", {"amount": "7"})
    assert case.events == [("sent", NINE, {"lifecycle:transition": "complete"}, 4)]


def test_only_the_attributes_asked_for_are_kept(log_of):
    path = log_of(
        f'{CASE}<int key="a" value="1"/><int key="b" value="2"/>'
        f'<event>{AT}{ACTIVITY}<int key="a" value="3"/><int key="b" value="4"/></event>'
    )
    (case,) = open_log(path, wanted=frozenset({"a"}))
    assert (case.attributes, case.events[0].attributes) == ({"a": "1"}, {"a": "3"})


def test_attributes_of_attributes_are_no_attributes_of_the_event(log_of):
    path = log_of(
        f'{CASE}<event>{AT}<string key="concept:name" value="sent">'
        '<string key="concept:name" value="inner"/></string>'
        '<list key="all"><values><string key="x" value="1"/></values></list></event>'
    )
    (case,) = open_log(path)
    assert (case.events[0].activity, case.events[0].attributes) == ("sent", {})


def test_defaults_of_the_log_are_not_taken_for_cases(write_xes, tmp_path):
    assert list(open_log(write_xes(tmp_path / "none.xes", []))) == []


def test_a_case_without_events_is_a_case(write_xes, tmp_path):
    (case,) = open_log(write_xes(tmp_path / "one.xes", [("c1", [])]))
    assert (case.id, case.events) == ("c1", [])


def test_events_come_by_time_and_equal_times_as_recorded(write_xes, tmp_path):
    def event(name, minute):
        return {"concept:name": name, "time:timestamp": f"2026-03-02T09:{minute:02}:00Z"}

    cases = [
        ("late", [event("a", 5), event("b", 1), event("c", 5), event("d", 1)]),
        ("even", [event("b", 1), event("a", 1)]),
    ]
    log = open_log(write_xes(tmp_path / "log.xes", cases))
    assert ["".join(e.activity for e in case.events) for case in log] == ["bdac", "ba"]
    assert log.reordered == 1
    assert len(list(log)) == 2
    assert log.reordered == 1


def test_times_without_offset_are_read_in_the_zone_given(log_of):
    path = log_of(
        f'{CASE}<event>{ACTIVITY}\n<date key="time:timestamp" value="2026-07-01T09:00"/></event>'
    )
    (case,) = open_log(path, zone=ZoneInfo("Europe/Amsterdam"))
    assert case.events[0].at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert fails_at(failure(path), 4, 1, "'2026-07-01T09:00'", "no offset", "zone:")


@pytest.mark.parametrize("value", ["", "yesterday", "2026-02-30T00:00:00Z", "0001-01-01T00:00+05"])
def test_what_is_no_time_is_refused_where_it_stands(log_of, value):
    path = log_of(f'{CASE}<event>{ACTIVITY}\n<date key="time:timestamp" value="{value}"/></event>')
    assert fails_at(failure(path), 4, 1, repr(value), "ISO 8601")


def test_an_event_needs_an_activity_and_a_timestamp(log_of):
    assert fails_at(failure(log_of(f"{CASE}\n <event>{AT}</event>")), 4, 2, "activity", "'c1'")
    assert fails_at(failure(log_of(f"{CASE}\n<event>{ACTIVITY}</event>")), 4, 1, "timestamp")


def test_a_timestamp_is_not_inherited_from_the_event_before(log_of):
    path = log_of(f"{CASE}<event>{AT}{ACTIVITY}</event>\n<event>{ACTIVITY}</event>")
    assert fails_at(failure(path), 4, 1, "without a timestamp")


def test_a_case_needs_a_name(log_of):
    assert fails_at(failure(log_of(f"<event>{AT}{ACTIVITY}</event>")), 2, 1, "case without a name")


def test_an_attribute_needs_a_key(log_of):
    assert fails_at(failure(log_of('<string value="x"/>')), 3, 1, "<string> has no key")
    path = log_of(f"{CASE}<event><event>{AT}{ACTIVITY}</event></event>")
    assert fails_at(failure(path), 3, 47, "<event> has no key")


def test_an_event_outside_of_a_case_is_not_dropped(tmp_path):
    path = tmp_path / "log.xes"
    path.write_text(f"<log>\n<event>{AT}{ACTIVITY}</event></log>")
    assert fails_at(failure(path), 2, 1, "outside of any case", "<trace>")


def test_what_is_no_log_is_refused(tmp_path):
    path = tmp_path / "page.xes"
    path.write_text("<html><body/></html>")
    assert fails_at(failure(path), 1, 1, "not an XES log", "<html>")
    path.write_text("<log>\n  <trace></log>")
    assert fails_at(failure(path), 2, 12, "not XML", "mismatched tag")


def test_entities_are_refused_before_they_grow(tmp_path):
    path = tmp_path / "laughs.xes"
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(f'<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY l0 "ha">{levels}]><log/>')
    assert fails_at(failure(path), 2, 15, "document type", "<!DOCTYPE")


def test_depth_is_bounded(log_of):
    deep = '<list key="a">' * 100 + "</list>" * 100
    assert "nested deeper than 64" in str(failure(log_of(deep)))


def test_long_values_are_bounded(tmp_path):
    path = tmp_path / "long.xes.gz"
    with gzip.open(path, "wb") as file:
        file.write(b"<log>\n<trace><string key='concept:name' value='")
        for _ in range(40):
            file.write(b"x" * (1 << 18))
    tracemalloc.start()
    try:
        error = failure(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert fails_at(error, 2, 8, "longer than 1,048,576 bytes")
    assert peak < 5_000_000


def test_the_number_of_attributes_in_one_place_is_bounded(log_of):
    many = "".join(f'<int key="k{n}" value="1"/>' for n in range(30_000))
    assert "more than 10,000 attributes" in str(failure(log_of(many)))


def test_the_names_of_elements_are_bounded(log_of):
    many = "".join(f'<e{n} key="k"/>' for n in range(30_000))
    assert "different names" in str(failure(log_of(many)))


def test_the_events_of_a_case_are_bounded(log_of, monkeypatch):
    monkeypatch.setattr(xes, "MAX_CASE_EVENTS", 3)
    event = f"<event>{AT}{ACTIVITY}</event>"
    assert len(next(iter(open_log(log_of(CASE + event * 3)))).events) == 3
    assert "more than 3 events in case 'c1'" in str(failure(log_of(CASE + event * 4)))


@pytest.mark.parametrize("encoding", ["hex", "undefined", "shift_jis", "nope"])
def test_an_encoding_that_cannot_be_read_is_named(tmp_path, encoding):
    path = tmp_path / "log.xes"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?><log/>')
    assert "encoding" in str(failure(path))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read(tmp_path, encoding):
    path = tmp_path / "log.xes"
    declared = encoding.removesuffix("-sig")
    path.write_text(
        f'<?xml version="1.0" encoding="{declared}"?>'
        f'<log><trace><string key="concept:name" value="Zoë"/></trace></log>',
        encoding=encoding,
    )
    assert [case.id for case in open_log(path)] == ["Zoë"]


@pytest.mark.parametrize("wanted", [None, frozenset()])
def test_memory_does_not_grow_with_the_log(write_xes, tmp_path, wanted):
    def peak_of(cases):
        path = write_xes(tmp_path / f"{cases}.xes", generated(cases))
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_log(path, wanted=wanted)) == cases
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak_of(8_000) < 1.1 * peak_of(2_000)


def generated(cases):
    for number in range(cases):
        start = NINE + timedelta(minutes=number)
        yield (
            f"case {number}",
            [
                {"concept:name": f"step {step}", "time:timestamp": start.isoformat(), "x": "y" * 50}
                for step in range(5)
            ],
        )


# What XML keeps as it is: no control characters, no line ends (an attribute makes them spaces).
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
)
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
events = st.fixed_dictionaries(
    {"concept:name": texts, "time:timestamp": times.map(datetime.isoformat)},
    optional={"note": texts, "cost": texts},
)


@given(cases=st.lists(st.tuples(texts, st.lists(events, max_size=4)), max_size=4))
def test_what_was_written_is_read(cases, write_xes, scratch):
    read = list(open_log(write_xes(scratch / "log.xes", cases)))
    assert [case.id for case in read] == [name for name, _ in cases]
    for case, (_, written) in zip(read, cases, strict=True):
        given_back = [
            {"concept:name": event.activity, "time:timestamp": event.at.isoformat()}
            | event.attributes
            for event in case.events
        ]
        assert given_back == sorted(
            written, key=lambda e: datetime.fromisoformat(e["time:timestamp"])
        )
