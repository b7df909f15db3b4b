"""A policy that was taken apart is the same when it is put together, wherever its files lie."""

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from pmo_engine.compiler.artefacts import shapes
from pmo_engine.compiler.artefacts.tree import Unknown, groups_of, policy_of
from pmo_engine.compiler.loading import load_policy
from pmo_engine.compiler.policy_files import names_of
from pmo_engine.compiler.stored_files import load_kept
from pmo_engine.feel.temporal import Time, WideDate, WideDateTime, WideDuration
from pmo_engine.feel.values import Range, Record
from pmo_engine.model.durations import HourDuration, Months, Share, Span
from pmo_engine.model.money import Money
from pmo_engine.model.working_time.calendar import WorkingCalendar
from pmo_engine.model.working_time.hours import parse_week
from pmo_engine.model.working_time.public_holidays import public_holidays
from pmo_engine.policy.packs import DatedValue
from pmo_engine.resources import policies_dir, rules_dir
from pmo_engine.source.diagnostics import Mark
from pmo_engine.source.marked import Mapping, Sequence, Text
from pmo_engine.testing import policy_from
from tests.compiler.artefacts.alike import difference
from tests.engines.strategies import Trial, agreed, policies, trials

STORIES = Path(__file__).parents[2] / "stories"
FOLDERS = [
    *(each for each in sorted(policies_dir().iterdir()) if (each / "policy.yaml").exists()),
    *sorted(policies_dir().glob("examples/*")),
    *(each for each in sorted(rules_dir().iterdir()) if each.is_dir()),
    *sorted(STORIES.glob("*.yaml")),
]


def again(policy, files=None, to=None):
    """Write and read a policy; ``to`` is what marks call its files afterwards."""
    files = files or {}
    written = json.dumps(groups_of(policy, files))
    return policy_of(json.loads(written), policy.contents, files if to is None else to)


def holding(policy, value):
    """Give a policy that holds a value where any may stand."""
    pack = {"name": policy.parameters["p"]["name"]} if "p" in policy.parameters else {}
    return replace(policy, parameters={"p": {**pack, "value": DatedValue(None, value, "")}})


def held(policy):
    return policy.parameters["p"]["value"].value


@pytest.fixture(scope="module")
def small(make_policy):
    return make_policy()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_policy_and_pack_is_the_same_afterwards(folder):
    policy = load_policy(folder)
    files = names_of(policy.contents, folder, alone=folder.is_file())
    assert difference(policy, again(policy, files)) is None


@pytest.mark.parametrize("folder", FOLDERS[:3], ids=lambda path: path.name)
def test_places_are_called_as_the_files_are_now(folder):
    policy = load_policy(folder)
    elsewhere = names_of(policy.contents, Path("office 1"))
    found = again(policy, names_of(policy.contents, folder), elsewhere)
    assert difference(load_kept(policy.contents, "office 1"), found) is None
    assert difference(policy, found) is not None


@given(policies())
@settings(max_examples=60)
def test_random_policies_are_the_same_afterwards(policy):
    assert difference(policy, again(policy)) is None


@given(trials())
@settings(max_examples=40)
def test_every_engine_decides_by_it_as_before(trial):
    found = agreed(Trial(again(trial.policy), trial.cases))
    assert found == agreed(trial, ["tracing"])


def moment_twice(fold):
    return datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=fold)


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, 1, -(2**70), "", "text", "half \ud800", "null", "[1]"),
        *(Decimal("1.50"), Decimal("1.5"), Decimal("1E+3"), Decimal("-0")),
        *(Money(Decimal("1.50"), "GBP"), Months(-14), Span(Decimal(3), "working_day")),
        *(Fraction(2, 3), Share(Decimal("0.5")), timedelta(-1, 2, 3)),
        *(HourDuration.of(timedelta(3, 5), days) for days in (0, 2)),
        *(date(2026, 1, 1), date.min, date.max),
        *(moment_twice(0), moment_twice(1), datetime(2026, 1, 1, tzinfo=UTC)),
        datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=timezone(timedelta(hours=-3, seconds=7))),
        *(time(1, 2, 3, 4), time(1, tzinfo=UTC), time(1, fold=1)),
        *(Time(1, 2, 3, 4, ZoneInfo("Asia/Tokyo")), WideDate(-44, 3, 15), WideDuration(10**25)),
        WideDateTime(WideDate(10_000, 1, 1), Time(0, 0, 0, 1, UTC)),
        *((), (1, (2,), "2"), [], [1, [2]], {}, {"a": {1: (2,)}}, frozenset({"b", "a"})),
        *(Range(Decimal(1), None, True, False), Range(None, date(2026, 1, 1), False, True)),  # noqa: FBT003 - a range's
        Record("change", {"cost": Decimal(1)}, ("weeks", "cost")),
        Mark("", 0, 0),
        Mark("other.yaml", 3, 4),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_value_is_the_same_afterwards(small, value):
    assert difference(value, held(again(holding(small, value)))) is None


def test_a_zone_keeps_no_place_of_the_file_that_named_it_first():
    policy = policy_from(
        "kind: policy\nname: a\nversion: '1'\nin_force_from: 2026-01-01\ncurrency: GBP\n---\n"
        "kind: calendar\nid: town\nzone: Antarctica/Troll\nhours: {mon-fri: '09:00-17:00'}\n"
    )
    assert policy.calendar.zone == "Antarctica/Troll"
    assert type(ZoneInfo("Antarctica/Troll").key) is str


def test_what_yaml_wrote_knows_its_place_afterwards(small):
    mark = Mark("policy.yaml", 2, 7)
    mapping = Mapping(mark)
    mapping["a"], mapping.keys_at["a"] = Text("kind", mark, "'"), Mark("policy.yaml", 2, 1)
    sequence = Sequence([mapping, Text("bare")])
    sequence.mark = mark
    assert difference(sequence, held(again(holding(small, sequence)))) is None


def test_one_and_true_are_not_alike(small):
    value = ((1,), (True,), (Decimal(1),), ("1",), (None,), ("None",))
    assert difference(value, held(again(holding(small, value)))) is None


def test_what_is_alike_is_written_once_and_what_can_change_twice(small):
    value = ((Decimal(7), "a"), (Decimal(7), "a"), ["a"], ["a"])
    one, two, first, second = held(again(holding(small, value)))
    assert one is two
    assert first is not second


def test_what_was_one_stays_one(small):
    both = ["a"]
    one, two = held(again(holding(small, (both, both))))
    assert one is two


def test_values_that_are_made_on_the_way_are_not_mixed_up(small):
    fields = ({f"f{n}": 0, f"g{n}": 0}.keys() for n in range(200))
    records = tuple(Record(f"r{n}", {}, names) for n, names in enumerate(fields))
    assert difference(records, held(again(holding(small, records)))) is None


@pytest.mark.parametrize("value", [1.5, b"bytes", object(), lambda: 1, {1, 2}, Unknown("x")])
def test_what_no_artefact_holds_is_refused(small, value):
    with pytest.raises(Unknown, match=type(value).__name__):
        groups_of(holding(small, value), {})


def test_a_class_of_no_policy_is_refused(small):
    @dataclass
    class Money:  # called as one of the list
        amount: int

    with pytest.raises(Unknown, match="a Money has no place"):
        groups_of(holding(small, Money(1)), {})


ATOMS = [None, True, 1, 3, "week", "one", "true", "os"]


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [[]],
        [ATOMS],
        [ATOMS, ["Span", [3], [4]]],
        [ATOMS, ["tuple", [2]]],
        [ATOMS, ["tuple", [2], [2, 2]]],
        [ATOMS, ["tuple", [99]]],
        [ATOMS, ["os.system", [6]]],
        [ATOMS, ["__import__", [7]]],
        [ATOMS, ["Policy"]],
        [ATOMS, ["Decimal", [5]]],
        [ATOMS, [["tuple"]]],
        [ATOMS, ["tuple"]],
        [ATOMS, "text"],
        [[[1]], ["tuple", [0]]],
        [[1.5], ["tuple", [0]]],
        ["text"],
        {"a": 1},
        7,
        None,
    ],
)
def test_other_groups_than_were_written_make_no_policy(groups):
    with pytest.raises((LookupError, TypeError, ValueError, ArithmeticError, Unknown)):
        policy_of(groups, {}, {})


def test_the_columns_of_a_group_are_of_one_length(small):
    groups = groups_of(small, {})
    for name, *columns in groups[1:]:
        for column in columns if len(columns) > 1 else ():
            column.append(column[0])
            with pytest.raises(Unknown, match=f"columns of {name} are not of one length"):
                policy_of(groups, small.contents, {})
            column.pop()
    assert difference(small, policy_of(groups, small.contents, {})) is None


@pytest.mark.parametrize("forged", [1.5, ["1"], {"a": "1"}])
def test_what_stands_in_the_first_group_has_no_parts(small, forged):
    groups = groups_of(replace(small, version="forged"), {})
    groups[0][groups[0].index("forged")] = forged
    with pytest.raises(Unknown, match="the first group holds what has parts"):
        policy_of(groups, small.contents, {})


def test_no_two_classes_go_by_one_name():
    names = [cls.__name__ for cls in shapes.CLASSES]
    assert len({*names, "Mark", "Text", "contents"}) == len(names) + 3


def test_classes_are_those_of_the_tree():
    names = {cls.__name__ for cls in shapes.CLASSES}
    assert {"Policy", "Rule", "Comparison", "ContextType", "Time", "WorkingCalendar"} <= names
    assert {cls.__module__.split(".")[0] for cls in shapes.CLASSES} <= {
        *("pmo_engine", "builtins", "datetime", "decimal", "fractions", "zoneinfo")
    }


@pytest.mark.parametrize("country", [("GB", "SCT"), ("CN", None), ("HU", None), ("SA", None)])
def test_the_public_holidays_of_fifty_years_come_along(small, country):
    week = ("09:00-17:00",) * 5
    calendar = replace(small.calendar, holidays=country, hours=parse_week({"mon-fri": week[0]}))
    found = again(replace(small, calendar=calendar)).calendar
    assert found == calendar
    assert [*found.known] == [*range(2010, 2060)]
    for year in (2010, 2026, 2059):
        assert found.known[year] == public_holidays(*country, year)
    assert any(found.known[year].worked for year in found.known) == (country[0] in {"CN", "HU"})


def test_what_is_known_of_a_year_is_what_a_calendar_goes_by(small):
    """However the library would have it; of any other year that is asked."""
    calendar = WorkingCalendar.of("o", "UTC", {"mon-fri": "09:00-17:00"}, {"country": "GB"})
    first, monday = date(2026, 3, 2), date(2026, 5, 4)
    groups = groups_of(replace(small, calendar=calendar), {})
    (written,) = (group for group in groups if group[0] == "WorkingCalendar")
    groups[0][written[-1][0]] = "2026,2026-03-02,2026-03-07"  # what it says of years, an atom
    found = policy_of(groups, small.contents, {}).calendar
    assert (found.is_working_day(first), calendar.is_working_day(first)) == (False, True)
    assert (found.is_working_day(monday), calendar.is_working_day(monday)) == (True, False)
    assert (found.is_working_day(date(2026, 3, 7)), found.is_working_day(date(2026, 3, 8))) == (
        True,
        False,
    )
    assert not found.is_working_day(date(2027, 1, 1))


def test_a_currency_that_came_along_is_not_looked_up(small):
    script = """if True:
        import json, sys
        from decimal import Decimal
        from pmo_engine.compiler.artefacts.shapes import CLASSES
        from pmo_engine.model.money import Money, minor_digits
        (money,) = CLASSES[Money].together([[Decimal("1.5")], ["KWD"], [3]])
        assert (minor_digits("KWD"), money, "iso4217" in sys.modules) == (3, money, False)
        assert money == Money(Decimal("1.5"), "KWD")
    """
    subprocess.run([sys.executable, "-c", script], check=True)
    assert [*shapes.CLASSES[Money].apart(Money(Decimal(2), "KWD"))] == [Decimal(2), "KWD", 3]
