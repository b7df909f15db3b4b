"""Binds the cases of a suite that are about ballots: how the votes stand, what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from pmo_engine import policy as tree
from pmo_engine.model.ballots import State, Tally
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest
from pmo_engine.source.yaml_source import mark_of

if TYPE_CHECKING:
    from pmo_engine.compiler import schema as s
    from pmo_engine.compiler.binding.context import Findings

OUTCOME = "outcome"
OUTCOMES: tuple[str, ...] = get_args(State)


def ballot_case(
    findings: Findings, policy: tree.Policy, entry: s.CaseEntry, ballot: s.BallotEntry
) -> tree.BallotCase | None:
    """Bind one case; its body must vote, and have as many members as answered."""
    bodies = [role for role, terms in policy.terms.items() if terms.has_ballots]
    if not findings.known(ballot.of, bodies, codes.UNKNOWN, "body that votes"):
        return None
    outcome = _outcome(findings, entry)
    tally = _tally(findings, policy.terms[str(ballot.of)].members, ballot)
    if outcome is None or tally is None:
        return None
    return tree.BallotCase(
        name=str(entry.name),
        body=str(ballot.of),
        tally=tally,
        in_writing=ballot.present is None,
        closed=ballot.closed,
        outcome=outcome,
        mark=entry.mark,
    )


def _outcome(findings: Findings, entry: s.CaseEntry) -> str | None:
    for key in entry.expect:
        if key != OUTCOME:
            message = f"a ballot comes to an outcome, and to no '{key[:60]}'"
            findings.add(
                entry.expect.keys_at[key], codes.WRONG_VALUE, message, nearest(key, [OUTCOME])
            )
            return None
    said = entry.expect.get(OUTCOME)
    if said not in OUTCOMES:
        message = f"'{str(said)[:60]}' is no outcome of a ballot"
        hint = f"one of {', '.join(OUTCOMES)}"
        findings.add(mark_of(said, entry.mark), codes.WRONG_VALUE, message, hint)
        return None
    return str(said)


def _tally(findings: Findings, members: int | None, ballot: s.BallotEntry) -> Tally | None:
    """Give how the votes stand; whoever has not answered is waited for, at a meeting if there."""
    members = ballot.members or members
    answered = ballot.for_ + ballot.against + ballot.abstain
    rest = None if members is None else members - answered - ballot.recused - ballot.vacant
    silent = 0 if ballot.present is None else ballot.present - answered
    wrong = _wrong(ballot, rest, silent)
    if rest is None or wrong:
        findings.add(ballot.mark, codes.WRONG_VALUE, wrong)
        return None
    waiting = rest if ballot.present is None else silent
    return Tally(
        members=rest + answered + ballot.recused + ballot.vacant,
        in_favour=ballot.for_,
        against=ballot.against,
        abstained=ballot.abstain,
        recused=ballot.recused,
        silent=silent,
        waiting=waiting,
        chair=ballot.chair,
        chair_waits=ballot.chair is None and waiting > 0,
    )


def _wrong(ballot: s.BallotEntry, rest: int | None, silent: int) -> str:
    """Say what is wrong with the numbers of a ballot; nothing where nothing is."""
    if rest is None:
        return "it is not said how many members vote: write 'members:'"
    if rest < 0:
        return "more have voted, stepped aside or left than there are members"
    if silent < 0 or silent > rest:
        return "those who are present are whoever voted or abstained, and some of the others"
    side = {None: 1, "for": ballot.for_, "against": ballot.against}[ballot.chair]
    return "" if side else f"the chair is {ballot.chair}, and nobody is"
