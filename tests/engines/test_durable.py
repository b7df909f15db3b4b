"""The durable engine: what the library judges, what it is told, and what it may not do."""

import logging
import os
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from pmo_engine.engines.durable import (
    BackendUnavailable,
    Durable,
    EngineDisagreement,
    hoisted_terms,
)
from pmo_engine.engines.durable import conditions as c
from pmo_engine.engines.durable.host import CAPACITY, Host
from pmo_engine.engines.reference import Tracing
from pmo_engine.model.money import Money
from tests.engines.samples import case, policy, records, rule, select, selection

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="durable_rules does not load on this Python"
)


@pytest.fixture
def durable():
    made = Durable()
    yield made
    made.close()


def _one(durable, condition, facts):
    """Say what a condition comes to, having checked it against the reference."""
    chosen = selection(condition)
    found = durable.outcomes(chosen, facts)
    assert found == Tracing().outcomes(chosen, facts)
    if found.unknown:
        return found.unknown["r1"]
    return "fault" if found.faults else bool(found.fired)


def _score(value):
    return case({"score": value and Decimal(value)})


@pytest.mark.parametrize(
    ("condition", "value", "outcome"),
    [
        ("change.score > 10", "10", False),
        ("change.score >= 10", "10", True),
        ("change.score > 10", "10.0000000000000000000000000000001", True),
        ("change.score = 10", "10.00", True),
        ("change.score < 0.000001", "1E-6000", True),
        ("change.score > 4611686018427387904", "4611686018427387904.5", True),
        ("change.score < 1E+300", "1E+299", True),
        ("change.score > 10", "1E+6000", True),
        ("change.score in [1, 2.5, 99999999999999999999]", "2.50", True),
        ("change.score in (1, 10)", "3", False),
        ("change.score in [10..1]", "3", "fault"),
        ("change.score != 10", None, True),
        ("change.score = null", None, True),
        ("change.score in [1, 2]", None, False),
        ("change.score > 10", None, "fault"),
        ("if change.score > 10 then false else true", None, "fault"),
        ("(if change.critical then 1 else 5) < change.score", "3", ("change.critical",)),
        ("(change.score > 10) = false", "10", True),
        ("change.score > 10 or not(change.critical)", "11", True),
        ("change.score between 3 and change.rate", "2", ("change.rate",)),
    ],
)
def test_conditions_on_numbers(durable, condition, value, outcome):
    assert _one(durable, condition, _score(value)) == outcome


def test_texts_are_compared_by_code_points_and_prefixes_are_less(durable):
    texts = [
        "",
        "a",
        "a ",
        "ab",
        "b",
        "\n",
        '"',
        "\\",
        "\\n",
        "200",
        "true",
        "é",
        "€",
        "\U0001f600",
    ]
    quoted = [t.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for t in texts]
    chosen = selection(*(f'change.note < "{text}"' for text in quoted))
    for note in texts:
        fired = durable.outcomes(chosen, case({"note": note})).fired
        assert len(fired) == sum(note < text for text in texts)


def test_a_text_with_half_a_character_is_only_equal_to_itself(durable):
    assert _one(
        durable, "change.note = change.status", case({"note": "\ud800", "status": "?"})
    ) is (False)


def test_money_in_another_currency_is_not_compared(durable):
    facts = case({"cost": Money.parse("50000 EUR")})
    assert _one(durable, 'change.cost = @"50000 GBP"', facts) == "fault"
    assert _one(durable, 'change.cost > @"50000 GBP"', facts) == "fault"


def test_booleans_have_no_order(durable):
    facts = case({"extra": False, "critical": True})
    assert _one(durable, "change.extra <= change.critical", facts) == "fault"
    assert _one(durable, "change.extra <= true", facts) == "fault"
    assert _one(durable, "change.extra != change.critical", facts) is True


def test_a_division_by_zero_is_a_fault_and_not_no(durable):
    facts = case({"score": Decimal(0)})
    assert _one(durable, "1 / change.score > 1", facts) == "fault"
    assert _one(durable, "1 / change.score > 1 or change.score = 0", facts) is True


def test_a_condition_that_takes_too_much_work_is_a_fault(durable):
    heavy = "count(for i in 1..99999, j in 1..99999 return i) > 1"
    assert _one(durable, heavy, case({})) == "fault"
    assert _one(durable, "some i in 1..999999999 satisfies i = 0", case({})) == "fault"


def test_items_are_judged_one_by_one_and_joined_with_the_case(durable):
    changes = records({"score": Decimal(3)}, {"score": Decimal(8)}, {})
    facts = case({"score": Decimal(5)}, changes=changes)
    some = "some c in changes satisfies c.score > change.score"
    every = "every c in changes satisfies c.score > change.score"
    assert _one(durable, some, facts) is True
    assert _one(durable, every, facts) is False
    assert _one(durable, every.replace(">", "<"), facts) is False
    assert _one(durable, some.replace(">", "= 9 + 0 *"), facts) == ("changes[3].score",)
    assert _one(durable, some, case({"score": Decimal(5)}, changes=[])) is False


def test_two_iterators_and_a_quantifier_within_another(durable):
    changes = records({"score": Decimal(3)}, {"score": Decimal(8)})
    facts = case({"score": Decimal(5)}, changes=changes)
    assert _one(durable, "some a in changes, b in changes satisfies a.score > b.score", facts) is (
        True
    )
    within = "every a in changes satisfies some b in changes satisfies a.score >= b.score"
    assert _one(durable, within, facts) is True
    assert _one(durable, "some i in 1..9 satisfies i = change.score", facts) is True


def test_a_product_of_many_branches_is_judged_in_passes(durable):
    either = " and ".join(
        f"(change.score = {i} or change.rate = {i} or change.critical)" for i in range(12)
    )
    chosen = selection(either)
    for facts in (case({"critical": True}), case({"critical": False}), _score("1")):
        assert durable.outcomes(chosen, facts) == Tracing().outcomes(chosen, facts)


def test_a_fact_derived_in_one_stratum_is_seen_by_the_next(durable):
    strata = [
        [rule("base", "change.score > 1", fact="level", value="change.score * 2")],
        [rule("second", "level > 10", fact="flag", value="level > 11")],
        [rule("third", "flag")],
    ]
    chosen = select(policy(strata))
    for score, fired in (("6", 3), ("5.5", 2), ("2", 1)):
        found = durable.outcomes(chosen, _score(score))
        assert found == Tracing().outcomes(chosen, _score(score))
        assert len(found.fired) == fired
    assert durable.outcomes(chosen, case({})).unknown == dict.fromkeys(
        ("base", "second", "third"), ("change.score",)
    )


def test_what_the_library_cannot_say_is_hoisted_and_nothing_else():
    chosen = selection(
        'change.cost > @"50000 GBP" and (change.category = "scope" or not(change.critical))',
        'change.score between 1 and 5 and change.category in ["scope", "time"]',
        "change.due < today and change.cost <= change.saving",
        "some c in changes satisfies c.cost > change.cost",
        "count(changes[critical]) > 3 or change.cost * 2 > change.saving",
        "is_known(change.cost)",
        "change.due.year = 2026",
        "change.score in [1..5) or change.score in (> 7, 3)",
    )
    assert hoisted_terms(chosen) == (
        "count(changes[critical])",
        "change.cost * 2",
        "is_known(change.cost)",
        "change.due.year",
    )


def test_more_rules_than_one_ruleset_holds_fire_at_once(durable):
    chosen = selection(*(["change.critical"] * 150))
    assert len(durable.outcomes(chosen, case({"critical": True})).fired) == 150


def test_rules_without_a_condition_always_fire(durable):
    assert durable.outcomes(selection(None, "change.critical"), case({})).fired == ("r1",)


@pytest.mark.parametrize("shared", [True, False], ids=["one engine", "an engine each"])
def test_two_threads_decide_at_once(shared):
    chosen = selection(*(f"change.score > {place}" for place in range(100)))
    common = Durable()
    failures, rounds = [], []

    def decide(offset):
        mine = common if shared else Durable()
        for turn in range(100):
            score = (turn + offset) % 100
            fired = mine.outcomes(chosen, _score(str(score))).fired
            rounds.append(turn)
            if len(fired) != score:
                failures.append((score, len(fired)))

    threads = [threading.Thread(target=decide, args=(offset,)) for offset in (0, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(rounds) == 200


STATM = Path("/proc/self/statm")
needs_proc = pytest.mark.skipif(not STATM.exists(), reason="reads Linux's /proc")
FORK = """
import os, threading
from decimal import Decimal
from pmo_engine.engines.durable import Durable
from tests.engines.samples import case, selection

durable, chosen = Durable(), selection("change.score > 1")
facts = case({"score": Decimal(2)})
durable.outcomes(chosen, facts)
durable._lock.acquire()
child = os.fork()
if child == 0:
    os._exit(0 if durable.outcomes(chosen, facts).fired == ("r1",) else 1)
durable._lock.release()
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert durable.outcomes(chosen, facts).fired == ("r1",)
raise SystemExit(status)
"""


def test_a_forked_child_has_a_host_and_a_lock_of_its_own():
    done = subprocess.run(
        [sys.executable, "-c", FORK],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0


def _resident() -> int:
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@needs_proc
def test_memory_stays_flat_over_thousands_of_evaluations(durable):
    chosen = selection(
        "change.score > 1 or change.critical", "some c in changes satisfies c.score > 2"
    )
    facts = case({"score": Decimal(3)}, changes=records({"score": Decimal(3)}, {}))
    for _ in range(500):
        durable.outcomes(chosen, facts)
    before = _resident()
    for _ in range(3000):
        durable.outcomes(chosen, facts)
    assert _resident() - before < 1_000_000


@needs_proc
def test_closing_gives_the_memory_back():
    chosen = selection(*(f"change.score > {place}" for place in range(50)))
    sizes = []
    for turn in range(60):
        made = Durable()
        made.outcomes(chosen, _score("3"))
        made.close()
        if turn in {19, 59}:
            sizes.append(_resident())
    assert sizes[1] - sizes[0] < 40 * 50_000  # one that is not closed keeps more than 180 kB


def test_a_condition_found_true_and_false_is_a_loud_error(durable, monkeypatch):
    monkeypatch.setitem(c.OPPOSITE, ">", ">")
    with pytest.raises(EngineDisagreement, match="true and false"):
        durable.outcomes(selection("change.score > 1"), _score("2"))


def test_a_condition_that_only_the_reference_knows_is_a_loud_error(durable, monkeypatch):
    monkeypatch.setitem(c.OPPOSITE, ">", "=")
    with pytest.raises(EngineDisagreement, match="False"):
        durable.outcomes(selection("change.score > 1"), _score("0"))


def test_where_the_library_does_not_load_one_line_says_what_to_use(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable", None)
    with pytest.raises(BackendUnavailable, match="use the compiled engine") as caught:
        Durable()
    assert "\n" not in str(caught.value)


def test_a_ruleset_may_not_be_fuller_than_the_library_bears():
    host = Host()
    with pytest.raises(RuntimeError, match="60 rules and the sentinel"):
        host.add({f"r{place}": {"a": place} for place in range(CAPACITY)})
    host.close()


def test_an_error_in_an_action_is_raised():
    class Broken(Host):
        def _action(self, rule):
            def fired(_context):
                raise ValueError(rule)

            return fired

    host = Broken()
    with pytest.raises(RuntimeError, match="exception caught r1"):
        host.run(host.add({"r1": {"kind": "case"}}), [{"kind": "case"}])
    host.close()


def test_what_goes_wrong_in_the_library_is_raised_and_not_printed_too():
    Host()
    logger = logging.getLogger("durable")
    assert any(isinstance(each, logging.NullHandler) for each in logger.handlers)
