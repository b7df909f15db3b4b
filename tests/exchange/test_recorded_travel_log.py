"""The approvals of a real university, as published."""

from collections import Counter

import pytest

from pmo_engine.exchange.event_logs import open_log

ACTIVITIES = {
    "Declaration SUBMITTED by EMPLOYEE": 11_371,
    "Declaration FINAL_APPROVED by SUPERVISOR": 9_999,
    "Request Payment": 9_914,
    "Payment Handled": 9_912,
    "Declaration APPROVED by ADMINISTRATION": 8_061,
    "Declaration APPROVED by BUDGET OWNER": 2_747,
    "Declaration REJECTED by EMPLOYEE": 1_350,
    "Declaration REJECTED by ADMINISTRATION": 936,
    "Declaration APPROVED by PRE_APPROVER": 685,
    "Declaration REJECTED by SUPERVISOR": 286,
    "Declaration SAVED by EMPLOYEE": 135,
    "Declaration REJECTED by MISSING": 89,
    "Declaration REJECTED by PRE_APPROVER": 86,
    "Declaration REJECTED by BUDGET OWNER": 57,
}


@pytest.fixture(scope="module")
def travel(shared):
    return shared / "data" / "travel-declarations" / "DomesticDeclarations.xes.gz"


def test_every_case_event_and_activity_is_read(travel):
    log = open_log(travel, wanted=frozenset({"(case)_Amount"}))
    cases, activities, amounts = 0, Counter(), 0
    for case in log:
        cases += 1
        activities.update(event.activity for event in case.events)
        amounts += all(list(event.attributes) == ["(case)_Amount"] for event in case.events)
    assert (cases, activities.total(), amounts) == (10_357, 55_628, 10_357)
    assert activities == ACTIVITIES
    assert log.reordered == 0


def test_the_first_case_is_read_to_the_letter(travel):
    first = next(iter(open_log(travel, wanted=frozenset({"(case)_Amount", "variant"}))))
    assert (first.id, first.attributes) == ("declaration86791", {"variant": "Variant 3"})
    assert [(event.at.isoformat(), event.line) for event in first.events] == [
        ("2017-01-09T08:49:50+00:00", 39),
        ("2017-01-09T10:27:48+00:00", 51),
        ("2017-01-10T08:34:44+00:00", 63),
        ("2017-01-12T16:31:22+00:00", 75),
    ]
    assert first.events[0].attributes == {"(case)_Amount": "26.85120450862128"}
