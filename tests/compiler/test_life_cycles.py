"""The life cycle of a register is checked: states, what is closed, moves and what they need."""

import pytest

from pmo_engine.resources import rules_dir
from tests.policies import kept
from tests.small_policy import check_text

REGISTER = """
kind: registers
registers:
  - register: hazards
    noun: hazard
    root: hazard
    plural: hazards
    fields: {measure: {type: text}}
    life_cycle:
      states: [STATES]
      closed: [CLOSED]
      moves: [MOVES]
"""


def found(
    states: str = "open, treated, closed", closed: str = "closed", moves: str = ""
) -> list[tuple[str, str]]:
    text = REGISTER.replace("STATES", states).replace("CLOSED", closed).replace("MOVES", moves)
    return [(each.message, each.hint) for each in check_text(text).diagnostics]


def test_what_is_right_is_taken() -> None:
    treat = "{from: open, to: treated, needs: [hazard.measure, approval of board]}"
    close = "{from: [open, treated], to: closed, by: [owner, board], needs: [reason, measure]}"
    assert found(moves=f"{treat}, {close}") == []


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ({"states": "open, open, closed"}, "state 'open' is declared twice", "leave it out"),
        (
            {"states": "open, in hand, closed"},
            "state 'in hand' is no name that an expression can use",
            "write in_hand",
        ),
        (
            {"states": "closed, open"},
            "no record can be entered as 'closed'",
            "the state in which records are entered comes first under 'states'",
        ),
        (
            {"states": "approved, closed"},
            "no record can be entered as 'approved'",
            "the state in which records are entered comes first under 'states'",
        ),
        (
            {"closed": "approved"},
            "'approved' is what a decision makes of a record, and no state it ends in",
            "name a state that a move leads to, as in closed",
        ),
        ({"closed": "clsed"}, "unknown state 'clsed'", "closed"),
        ({"moves": "{from: opn, to: closed}"}, "unknown state 'opn'", "open"),
        ({"moves": "{from: open, to: tretaed}"}, "unknown state 'tretaed'", "treated"),
        ({"moves": "{from: open, to: closed, by: bord}"}, "unknown role 'bord'", "board"),
        (
            {"moves": "{from: open, to: closed, needs: mesure}"},
            "a move cannot need 'mesure': it is no field of 'hazard'",
            "measure",
        ),
        (
            {"moves": "{from: open, to: closed, needs: approval of bord}"},
            "unknown role 'bord'",
            "board",
        ),
        (
            {"moves": "{from: open, to: closed, needs: [approval of board, approval of pmo_head]}"},
            "a move needs one approval at most",
            "name a body whose terms say how it votes, or let a rule ask the others",
        ),
    ],
)
def test_what_is_wrong_is_told_with_the_way_out(
    written: dict[str, str], message: str, hint: str
) -> None:
    told = [each for each in found(**written) if each[0] == message]
    assert len(told) == 1, found(**written)
    assert hint in told[0][1]


@pytest.mark.parametrize("pack", sorted(each.name for each in rules_dir().iterdir()))
def test_no_parameter_is_left_open_in_a_rule(pack: str) -> None:
    """Those of a rule on a state were: it was never judged."""
    policy = kept(rules_dir() / pack)
    parameters = {name for of in policy.parameters.values() for name in of}
    for rule in policy.rules:
        for each in rule.expressions:
            assert parameters.isdisjoint(each.names), rule.id
