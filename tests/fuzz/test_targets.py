"""A short run of what ``make fuzz`` does at length, and the inputs that failed once."""

import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import sentences
from tests.fuzz.corpus import ROOT
from tests.fuzz.guard import Fault, Guard
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.worker import inputs_of, smaller

FILES = [
    b"? " * 1000,
    b"a: " * 100_000,
    b"{" * 100_000,
    b"kind: rules\nrules: " + b"[{" * 30,
    b"l: {e: []}\nf",  # what is wrong was said to be on a line after the last
    b"\xef\xbb\xbf\xef\xbb\xbfkind: policy",
    b"kind: \xed\xa0\x80",
    b"a: \x00",
    b"a: " + b"x" * 1_000_000,
]
TEXTS = [
    b"{" + b"1" * 5000,  # was quoted whole in the message
    b"1e6144",  # was too long to be said in words
    b"function(a) a",  # was shown with its address in memory
    b"[1..2]",
    b"(" * 5000,
    b"not(" * 500,
    b"- " * 500 + b"1",
    b"if true then " * 200,
    b'"' + b"\\u0041" * 5000 + b'"',
    b"for x in 1..9999999 return x",
    b"for x in 1..100000, y in 1..100000 return x",
    b"(function(f) f(f))(function(f) f(f))",
    b'matches("' + b"a" * 3000 + b'!", "(a+)+$")',
    b"2 ** 99999999",
    b"[{}].y" + b"1" * 5000,  # a name was quoted whole
    b"y" * 5000 + b"()",
    b"1 instance of y" + b"1" * 5000,
]

ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
MODELS = [
    f'<!DOCTYPE d [<!ENTITY a0 "x">{ENTITIES}]><d>&a11;</d>'.encode(),
    b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]><d>&f;</d>',
    b"<a>" * 100_000,
    b"<?xml version='1.0' encoding='utf-7'?><d/>",
    b"<d xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/'>" + b"x" * 1_000_000 + b"</d>",
]


@pytest.mark.parametrize("name", TARGETS)
def test_a_short_run(name, tmp_path):
    guard = Guard(TARGETS[name], tmp_path / "last")
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

    @settings(max_examples=60, deadline=None, suppress_health_check=slow, print_blob=True)
    @given(inputs_of(TARGETS[name]) | st.binary(max_size=300))
    def all_is_as_promised(data):
        guard(data)

    all_is_as_promised()


@pytest.mark.parametrize("name", ["reader", "documents"])
@pytest.mark.parametrize("data", FILES, ids=range(len(FILES)))
def test_files_that_are_hard_to_bear(name, data, tmp_path):
    Guard(TARGETS[name], tmp_path / "last")(data)


@pytest.mark.parametrize("call", ["who(1)", "who(1, 2)", "who(1, 2, 3)", "who(cost: 1)"])
def test_a_table_with_one_name_twice_is_called(call, tmp_path):
    data = f"""kind: policy
name: museum
version: '1'
in_force_from: 2026-01-01
currency: GBP
---
kind: rules
rules:
  - id: r
    title: x
    on: a.submitted
    binding: shall
    then: [{{require_approval: {{from: {{chosen_by: "{call}"}}}}}}]
---
kind: table
id: who
title: Who
inputs: [{{name: cost, type: money}}, {{name: cost, type: money}}]
outputs: [{{name: role, type: [b]}}]
rows: [{{when: ["-", "-"], then: b}}]
"""
    Guard(TARGETS["documents"], tmp_path / "last")(data.encode())


def test_a_policy_of_which_nothing_is_right_is_told_of_in_part(tmp_path):
    data = b"kind: rules\nrules: [" + b"a," * 199_000 + b"a]"  # took 830 MiB for twice as much
    Guard(TARGETS["documents"], tmp_path / "last")(data)


@pytest.mark.parametrize("data", MODELS, ids=range(len(MODELS)))
def test_models_that_are_hard_to_bear(data, tmp_path):
    Guard(TARGETS["models"], tmp_path / "last")(data)


@pytest.mark.parametrize("name", ["parser", "checker", "evaluator"])
@pytest.mark.parametrize("data", TEXTS, ids=range(len(TEXTS)))
def test_texts_that_are_hard_to_bear(name, data, tmp_path):
    Guard(TARGETS[name], tmp_path / "last")(data)


def test_every_terminal_of_the_grammar_can_be_written():
    assert "not (" not in sentences.vocabulary()
    assert {"string length", "instance of", "(", "date and time", "->"} <= set(
        sentences.vocabulary()
    )
    assert not [text for text in sentences.vocabulary() if "\\b" in text]


# The guard itself


def target(judge) -> Target:
    return Target("made up", 1, judge, lambda _: b"", lambda _, data: data, list)


def test_an_error_is_a_fault_and_its_input_is_kept(tmp_path):
    guard = Guard(target(lambda data: data.decode()), tmp_path / "last")
    with pytest.raises(Fault, match="UnicodeDecodeError"):
        guard(b"\xff")
    assert (tmp_path / "last").read_bytes() == b"\xff"


def test_too_much_time_is_a_fault(tmp_path):
    def forever(_):
        while True:
            time.sleep(0)

    with pytest.raises(Fault, match=r"more than 0\.05 s"):
        Guard(target(forever), tmp_path / "last", seconds=0.05)(b"")


def test_too_much_memory_is_a_fault(tmp_path):
    with pytest.raises(Fault, match=r"one input took \d+ MiB"):
        Guard(target(lambda _: bytearray(2**30)), tmp_path / "last")(b"")


def test_what_fails_is_made_small(tmp_path):
    def judge(data):
        assert b"!" not in data

    guard = Guard(target(judge), tmp_path / "last")
    assert smaller(guard, b"a" * 700 + b"!" + b"b" * 90) == b"!"


def test_the_guided_worker_changes_and_judges(tmp_path):
    pytest.importorskip("atheris", reason="atheris is not installed here")
    asked = ["guided", "parser", "1", "200", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.worker", *asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"inputs": 200,' in (tmp_path / "report.json").read_text()
