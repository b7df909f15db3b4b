"""Small histories, made here, against a small policy."""

from datetime import date

import pytest

from pmo_engine.compiler.loading import load_policy
from pmo_engine.exchange.event_logs import HistoryError
from pmo_engine.replays.replay import replay
from pmo_engine.work.errors import CommandError

POLICY = """
kind: policy
name: invoices
version: "1"
currency: EUR
calendar: office
---
kind: calendar
id: office
zone: Europe/Amsterdam
hours: {mon-fri: "09:00-17:00"}
---
kind: registers
registers:
  - register: invoices
    noun: invoice
    root: invoice
    plural: invoices
    events: [checked, paid]
    fields:
      amount: {type: money}
      by: {type: [clerk, manager]}
---
kind: event_log
id: ledger
zone: Europe/Amsterdam
activities:
  Received: {event: invoice.submitted}
  Check by clerk: {event: invoice.checked, facts: {by: clerk}}
  Check by manager: {event: invoice.checked, facts: {by: manager}}
  Paid: {event: invoice.paid}
ignore: [Printed]
attributes: {sum: amount}
closed: case.closed
"""
UNCHECKED = """
---
kind: rules
rules:
  - id: unchecked
    title: An invoice is checked before it is paid
    on: invoice.paid
    binding: shall
    when: not(some e in history satisfies e.event = "invoice.checked")
    then: [{finding: paid unchecked}]
"""


def rule(on: str, when: str, *more: str) -> str:
    lines = [
        "---",
        "kind: rules",
        "rules:",
        "  - id: sought",
        "    title: What the test seeks",
        f"    on: {on}",
        "    binding: shall",
        f"    when: '{when}'",
        "    then: [{finding: found}]",
        *(f"    {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def policy_of(tmp_path):
    """Load the policy of invoices with some rules."""

    def load(rules: str, text: str = POLICY):
        folder = tmp_path / "policy"
        folder.mkdir(exist_ok=True)
        (folder / "policy.yaml").write_text(text + rules, encoding="utf-8")
        return load_policy(folder)

    return load


@pytest.fixture
def log_of(tmp_path):
    """Write a log; an event is "case activity" with a day of March 2018, and perhaps a sum."""

    def write(*events: tuple[str, str, str] | tuple[str, str, str, str]):
        path = tmp_path / "log.csv"
        rows = [",".join((*event, "")[:4]) for event in events]
        path.write_text("\n".join(["case,activity,timestamp,sum", *rows, ""]), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("backend", ["compiled", "durable", "tracing"])
def test_a_case_counts_once_however_often_the_rule_is_true(policy_of, log_of, backend):
    log = log_of(
        ("A", "Received", "2018-03-01T09:00"),
        ("A", "Paid", "2018-03-02T09:00"),
        ("A", "Paid", "2018-03-03T09:00"),
        ("B", "Check by clerk", "2018-03-01T09:00"),
        ("B", "Paid", "2018-03-02T09:00"),
    )
    report = replay(policy_of(UNCHECKED), log, backend=backend)
    assert report.model_dump(mode="json") == {
        "cases": 2,
        "events": 5,
        "findings": {"unchecked": 1},
        "examples": {"unchecked": ["A"]},
        "unmapped": {},
        "policy": report.policy.model_dump(),
    }


def test_the_first_ten_cases_are_the_examples(policy_of, log_of):
    log = log_of(*((f"C{number}", "Paid", "2018-03-02T09:00") for number in range(12)))
    report = replay(policy_of(UNCHECKED), log)
    assert report.findings == {"unchecked": 12}
    assert report.examples == {"unchecked": tuple(f"C{number}" for number in range(10))}


def test_the_history_holds_what_was_before_and_not_the_event_itself(policy_of, log_of):
    log = log_of(("A", "Received", "2018-03-01T09:00"), ("A", "Paid", "2018-03-02T09:00"))
    assert (
        replay(policy_of(rule("invoice.paid", "count(history) = 1")), log).findings["sought"] == 1
    )


def test_an_unmapped_activity_is_counted_and_stands_in_the_history_by_its_name(policy_of, log_of):
    log = log_of(("A", "Lost", "2018-03-01T09:00"), ("A", "Paid", "2018-03-02T09:00"))
    lost = rule("invoice.paid", 'some e in history satisfies e.event = "Lost"')
    report = replay(policy_of(lost), log)
    assert report.unmapped == {"Lost": 1}
    assert report.findings == {"sought": 1}


def test_an_activity_to_ignore_is_not_counted_as_unmapped(policy_of, log_of):
    log = log_of(("A", "Printed", "2018-03-01T09:00"), ("A", "Lost", "2018-03-02T09:00"))
    assert replay(policy_of(UNCHECKED), log).unmapped == {"Lost": 1}


def test_the_record_keeps_what_was_told_of_it_until_it_is_told_anew(policy_of, log_of):
    log = log_of(
        ("A", "Received", "2018-03-01T09:00", "10.00 EUR"),
        ("A", "Paid", "2018-03-02T09:00"),
        ("B", "Received", "2018-03-01T09:00", "10.00 EUR"),
        ("B", "Paid", "2018-03-02T09:00", "12.00 EUR"),
    )
    ten = rule("invoice.paid", 'invoice.amount = @"10 EUR" and invoice.key in ("A", "B")')
    assert replay(policy_of(ten), log).examples == {"sought": ("A",)}


def test_a_constant_fact_is_that_of_its_event_alone(policy_of, log_of):
    log = log_of(("A", "Check by clerk", "2018-03-01T09:00"), ("A", "Paid", "2018-03-02T09:00"))
    earlier = rule("invoice.paid", 'some e in history satisfies e.by = "clerk"')
    assert replay(policy_of(earlier), log).findings == {"sought": 1}
    own = rule("invoice.paid", 'invoice.by = "clerk"')
    report = replay(policy_of(own), log)
    assert report.findings == {"sought": 0}
    assert report.unknown == {"sought": 1}
    assert report.reasons == {"sought": "A: not known: invoice.by"}


def test_a_case_is_closed_with_its_whole_history_at_its_last_event(policy_of, log_of):
    log = log_of(
        ("A", "Received", "2018-03-01T09:00"),
        ("A", "Paid", "2018-03-02T00:00"),
        ("B", "Paid", "2018-03-01T23:59"),
    )
    closed = rule("case.closed", "count(history) > 0", "in_force_from: 2018-03-02")
    assert replay(policy_of(closed), log).examples == {"sought": ("A",)}
    both = rule("case.closed", 'count(history) = 2 and today = @"2018-03-02"')
    assert replay(policy_of(both), log).examples == {"sought": ("A",)}


def test_a_day_can_be_pinned(policy_of, log_of):
    log = log_of(("A", "Paid", "2018-03-02T09:00"))
    policy = policy_of(rule("invoice.paid", "true", "in_force_from: 2019-01-01"))
    assert replay(policy, log).findings == {"sought": 0}
    pinned = replay(policy, log, on=date(2019, 1, 1))
    assert pinned.findings == {"sought": 1}
    assert pinned.policy.on == "2019-01-01"


def test_a_fault_is_counted_and_told_and_never_taken_for_no(policy_of, log_of):
    log = log_of(
        ("A", "Paid", "2018-03-02T09:00", "0.00 EUR"), ("B", "Paid", "2018-03-02T09:00", "1.00 EUR")
    )
    divided = rule("invoice.paid", "invoice.amount / invoice.amount > 0")
    report = replay(policy_of(divided), log)
    assert (report.findings, report.faults) == ({"sought": 1}, {"sought": 1})
    assert report.reasons["sought"].startswith("A: ")


def test_progress_is_told_as_the_log_is_read(policy_of, log_of):
    log = log_of(*((f"C{number}", "Paid", "2018-03-02T09:00") for number in range(1_001)))
    seen: list[tuple[int, int]] = []
    replay(policy_of(UNCHECKED), log, progress=lambda cases, events: seen.append((cases, events)))
    assert seen == [(500, 500), (1_000, 1_000)]


def test_an_attribute_of_another_type_names_file_and_line(policy_of, log_of):
    log = log_of(
        ("A", "Received", "2018-03-01T09:00", "10.00 EUR"),
        ("A", "Paid", "2018-03-02T09:00", "ten"),
    )
    with pytest.raises(HistoryError) as caught:
        replay(policy_of(UNCHECKED), log)
    assert (caught.value.file, caught.value.line) == (str(log), 3)
    assert "attribute 'sum' as invoice.amount" in caught.value.message


def test_a_log_that_is_cut_off_is_the_readers_error(policy_of, tmp_path):
    log = tmp_path / "log.xes"
    log.write_text('<log>\n<trace>\n<string key="concept:name" value="A"/>\n', encoding="utf-8")
    with pytest.raises(HistoryError, match=r"log\.xes:4:1: the log is cut off in case 'A'"):
        replay(policy_of(UNCHECKED), log)


def test_a_wrong_timestamp_is_the_readers_error(policy_of, log_of):
    log = log_of(("A", "Paid", "2018-03-32T09:00"))
    with pytest.raises(HistoryError, match="log.csv:2:1: '2018-03-32T09:00' is not a time"):
        replay(policy_of(UNCHECKED), log)


def test_a_policy_that_maps_no_log_says_so(policy_of, log_of):
    without = POLICY[: POLICY.index("---\nkind: event_log")]
    with pytest.raises(CommandError, match="policy 'invoices' maps no recorded history; add"):
        replay(policy_of(UNCHECKED, without), log_of())


def test_of_several_mappings_one_is_chosen(policy_of, log_of):
    other = "\n---\nkind: event_log\nid: other\nactivities: {Done: {event: invoice.paid}}\n"
    policy = policy_of(UNCHECKED + other)
    log = log_of(("A", "Done", "2018-03-02T09:00Z"))
    assert replay(policy, log, mapping="other").findings == {"unchecked": 1}
    with pytest.raises(CommandError, match="choose of ledger, other"):
        replay(policy, log)
    with pytest.raises(CommandError, match="no event log 'thrid'; it has ledger, other"):
        replay(policy, log, mapping="thrid")


@pytest.mark.parametrize("backend", ["compiled", "durable", "tracing"])
@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [("Europe/London", 1, 0), ("America/New_York", 30, 19), ("Asia/Tokyo", 1, 8)],
)
def test_a_local_time_in_a_log_falls_on_the_day_of_the_office(
    policy_of, log_of, backend, zone, day, hour
):
    """Half past midnight of 1 July in London: still June in UTC and in New York."""
    sought = rule(
        "invoice.paid",
        f"date(now) = today and today.day = {day} and now.hour = {hour}"
        " and date(history[1].at) = today",
    )
    log = log_of(
        ("A", "Received", "2018-07-01T00:20:00+01:00"),
        ("A", "Paid", "2018-07-01T00:30:00+01:00"),
    )
    text = POLICY.replace("zone: Europe/Amsterdam\nhours", f"zone: {zone}\nhours")
    assert replay(policy_of(sought, text), log, backend=backend).findings == {"sought": 1}


@pytest.mark.parametrize("backend", ["compiled", "durable", "tracing"])
def test_hours_between_events_pass_while_the_clocks_change(policy_of, log_of, backend):
    sought = rule("invoice.paid", 'now - history[1].at = @"PT3H" and now.hour = 2')
    log = log_of(
        ("A", "Received", "2018-10-28T01:30:00+02:00"),
        ("A", "Printed", "2018-10-28T02:15:00+02:00"),
        ("A", "Paid", "2018-10-28T02:30:00+01:00"),
    )
    assert replay(policy_of(sought.replace("PT3H", "PT2H")), log, backend=backend).findings == {
        "sought": 1
    }
    assert replay(policy_of(sought), log, backend=backend).findings == {"sought": 0}


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
@pytest.mark.parametrize("offset", ["Z", "+12:00", "-12:00"])
def test_a_time_that_no_calendar_reckons_with_is_said_where_it_stands(
    policy_of, log_of, year, offset
):
    log = log_of(
        ("A", "Received", "2018-03-01T09:00"), ("B", "Paid", f"{year}-06-01T09:00{offset}")
    )
    with pytest.raises(HistoryError, match=r"log.csv:3:1: .* is not between 1900 and 2199"):
        replay(policy_of(UNCHECKED), log)
