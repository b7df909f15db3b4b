import csv
import gzip
import tracemalloc
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.exchange.event_logs import Columns, HistoryError, csv_log, open_log

HEADER = "case,activity,timestamp,cost\n"
TIME = "2026-03-02T09:00:00Z"


@pytest.fixture
def log(tmp_path):
    def write(text):
        path = tmp_path / "log.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def failure(path, **options):
    with pytest.raises(HistoryError) as caught:
        list(open_log(path, **options))
    return str(caught.value).removeprefix(str(path))


def test_rows_of_a_case_become_its_events(log):
    path = log(f"{HEADER}1,sent,{TIME},7\n1,paid,{TIME},\n2,sent,{TIME},8\n")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    one, two = open_log(path)
    assert one == ("1", {}, [("sent", at, {"cost": "7"}, 2), ("paid", at, {}, 3)])
    assert two == ("2", {}, [("sent", at, {"cost": "8"}, 4)])


def test_the_columns_are_the_callers(log):
    columns = Columns(case="Case ID", activity="Step", timestamp="When")
    path = log(f"When,a,Case ID,b,Step\n{TIME},1,x,2,sent\n")
    (case,) = open_log(path, columns=columns, wanted=frozenset({"b"}))
    assert (case.id, case.events[0].activity, case.events[0].attributes) == (
        "x",
        "sent",
        {"b": "2"},
    )


def test_a_byte_order_mark_line_ends_and_quotes_are_read(log):
    path = log(f'\ufeff{HEADER}1,"a\r\nb",{TIME},"x, ""y"""\r\n\r\n2,c,{TIME},\r\n'.encode())
    one, two = open_log(path)
    assert one.events[0].activity == "a\r\nb"
    assert one.events[0].attributes == {"cost": 'x, "y"'}
    assert [one.events[0].line, two.events[0].line] == [2, 5]


def test_events_come_by_time(log):
    path = log(f"{HEADER}1,b,{TIME},\n1,a,2026-03-02 09:00:00+01:00,\n")
    recorded = open_log(path)
    assert [[event.activity for event in case.events] for case in recorded] == [["a", "b"]]
    assert recorded.reordered == 1


def test_a_case_that_comes_back_is_refused(log):
    path = log(f"{HEADER}1,a,{TIME},\n2,a,{TIME},\n1,b,{TIME},\n")
    assert failure(path) == (
        ":4:1: case '1' comes back after rows of other cases (sort the file by 'case')"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("case,activity\n", ":1:1: no column 'timestamp' (the file has 'case', 'activity')"),
        (f"{HEADER}1,a,{TIME}\n", ":2:1: 3 fields where the header has 4"),
        (f"{HEADER}\n1,a,{TIME},7,8\n", ":3:1: 5 fields where the header has 4"),
        (f"{HEADER}1,,{TIME},\n", ":2:1: an event whose 'activity' is empty"),
        (f"{HEADER}1,a,,\n", ":2:1: an event whose 'timestamp' is empty"),
        (f"{HEADER},a,{TIME},\n", ":2:1: an event whose 'case' is empty"),
        (f"{HEADER}1,a,2 March,\n", ":2:1: '2 March' is not a time in ISO 8601"),
        (f"{HEADER}1,a,2026-03-02T09:00,\n", ":2:1: the time '2026-03-02T09:00' has no offset"),
        ("case,case\n", ":1:1: two columns are named 'case'"),
        ("case,,activity\n", ":1:1: column 2 has no name"),
        (f'{HEADER}1,"a,{TIME}\n', ":2:1: the file is cut off: a quoted field"),
        (f'{HEADER}1,"a"b,{TIME},\n', ":2:1: not a record of RFC 4180"),
        (f"{HEADER}1,a\0,{TIME},\n", ":2:4: the byte 0x00 is no text"),
        (HEADER.encode() + b"1,a,\xe9,\n", ":2:5: the byte 0xe9 is no text"),
        (HEADER.encode("utf-16"), ":1:1: the byte 0xff is no text"),
        ("\n\n", ":1:1: the file is empty"),
        (HEADER + "x" * (1 << 20) + "\n", ":2:1: a line of more than 1,048,576 bytes"),
        (HEADER + '"' + "x\n" * 20_000, ":2:1: a record of more than 10,000 lines"),
        (HEADER + "x" * 200_000 + "\n", ":2:1: not a record of RFC 4180: field larger than"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(log, text, message):
    assert failure(log(text)).startswith(message)


def test_times_without_offset_are_read_in_the_zone_given(log):
    path = log(f"{HEADER}1,a,2026-07-01 09:00:00,\n")
    (case,) = open_log(path, zone=ZoneInfo("America/Toronto"))
    assert case.events[0].at == datetime(2026, 7, 1, 13, tzinfo=UTC)


def test_the_events_of_a_case_are_bounded(log, monkeypatch):
    monkeypatch.setattr(csv_log, "MAX_CASE_EVENTS", 2)
    assert len(next(iter(open_log(log(HEADER + f"1,a,{TIME},\n" * 2)))).events) == 2
    path = log(HEADER + f"1,a,{TIME},\n" * 9)
    assert failure(path) == ":4:1: more than 2 events in case '1'"


def test_a_gzipped_log_cut_off_is_said_to_be(tmp_path):
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress((HEADER + f"1,a,{TIME},\n" * 9).encode())[:-4])
    assert "cut off" in failure(path)


def test_memory_grows_by_no_more_than_the_names_of_cases(log):
    def peak_of(cases):
        path = log(HEADER + "".join(f"{n},{'a' * 500},{TIME},\n" * 4 for n in range(cases)))
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_log(path)) == cases
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak_of(4_000) - peak_of(1_000) < 3_000 * 150


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
times = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
rows = st.lists(st.tuples(texts, times, texts), min_size=1, max_size=4)


@given(cases=st.dictionaries(texts, rows, max_size=4))
def test_what_was_written_is_read(cases, scratch):
    path = scratch / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "activity", "timestamp", "cost"])
        writer.writerows((case, *row) for case, rows in cases.items() for row in rows)
    read = {
        case.id: [(e.activity, e.at.isoformat(), e.attributes["cost"]) for e in case.events]
        for case in open_log(path)
    }
    by_time = {
        case: sorted(rows, key=lambda row: datetime.fromisoformat(row[1]))
        for case, rows in cases.items()
    }
    assert read == by_time
