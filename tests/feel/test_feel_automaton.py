import json
from importlib.resources import files
from pathlib import Path

import pytest

from pmo_engine.feel.syntax import automaton
from pmo_engine.feel.syntax.builder import Builder, Invalid

AGAIN = "write it anew: python -m pmo_engine.feel.syntax.automaton"
TEXTS = (
    'change.cost > @"50000 GBP" and not(change.urgent) or date and time(x) in [a..b[',
    "for i in 1..3, j in {a: [1, 2]}.a return if i = j then partial else -j ** 2",
    "(function(a: list<number>) a)([1])",
    "some x in risks[score > 3] satisfies x.owner instance of string",
    "count(",
    "1 +* 2",
    'a = "',
)


def _result(parser, text, start):
    try:
        return repr(parser.parse(text, start=start))
    except (automaton.lark.UnexpectedInput, Invalid) as error:
        return type(error).__name__, getattr(error, "pos_in_stream", None)


def test_the_automaton_kept_is_that_of_the_grammar() -> None:
    kept = json.loads(files(automaton.__package__).joinpath(automaton.KEPT).read_text("utf-8"))
    assert kept["made_of"] == automaton.made_of(), AGAIN


@pytest.mark.parametrize("start", automaton.STARTS)
def test_it_reads_as_one_made_now_does(start: str, shared: Path) -> None:
    lines = (shared / "data/feel/feel.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [*TEXTS, *(json.loads(line)["expression"] for line in lines[::7])]
    kept, made = (
        automaton.load(Builder(visit_tokens=False)),
        automaton.make(Builder(visit_tokens=False)),
    )
    for text in texts:
        assert _result(kept, text, start) == _result(made, text, start), AGAIN


def test_one_of_another_grammar_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton.lark, "__version__", "0")
    assert automaton.load(Builder(visit_tokens=False)).parse("1 + 1", start="start")
