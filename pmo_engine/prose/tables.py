"""Decision tables as English: cells, rows, what a table is for, and whom one chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.model.names import words
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.names import role_in_words, sentence
from pmo_engine.prose.sentences import Speaker
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from pmo_engine.policy import Expression, HitPolicy, Policy, Table, TableRow

VALUE = "?"
ANY = "any"


def table_in_words(table: Table, policy: Policy) -> str:
    """Say what a table gives for what, which rows count, and what holds where none does."""
    inputs = joined([_input(each.name, each.allowed, policy) for each in table.inputs])
    outputs = joined([words(each.name) for each in table.outputs])
    said = [f"for {inputs} it gives {outputs}: {_counting(table.hit_policy)}"]
    for each in table.outputs:
        if each.default is not None:
            value = answer_in_words(each.default, policy)
            said.append(f"where no row matches, {words(each.name)} is {value}")
    return "\n".join(sentence(part) for part in said)


def _input(name: str, allowed: Expression | None, policy: Policy) -> str:
    within = f" ({cell_in_words(allowed, policy)})" if allowed is not None else ""
    return f"{words(name)}{within}"


def _counting(hit_policy: HitPolicy) -> str:
    match hit_policy:
        case "unique":
            return "the one row that matches"
        case "any":
            return "any row that matches, as all agree"
        case "priority":
            return "the most important answer of the rows that match"
        case "first":
            return "the first row that matches"
        case "rule_order" | "collect":
            return "all rows that match, in order"
        case "output_order":
            return "all rows that match, the most important answer first"
        case "sum":
            return "the sum of the rows that match"
        case "min":
            return "the least of the rows that match"
        case "max":
            return "the greatest of the rows that match"
        case "count":
            return "the number of rows that match"
        case _:
            assert_never(hit_policy)


def cell_in_words(cell: Expression, policy: Policy) -> str:
    """Say a test without what it tests: "above 10,000 GBP", "scope or time", "any"."""
    return _cell(cell.node, policy)


def _cell(node: n.Node, policy: Policy) -> str:
    match node:
        case n.Literal(True):
            return ANY
        case n.Disjunction(operands):
            return joined([_cell(each, policy) for each in operands], "or")
        case n.Conjunction(operands):
            return joined([_cell(each, policy) for each in operands])
        case _:
            subject = "it"
            speaker = Speaker(policy, said={VALUE: subject}, again={VALUE: subject})
            return speaker.anything(node, t.BOOLEAN).removeprefix(f"{subject} is ")


def answer_in_words(answer: Expression, policy: Policy) -> str:
    """Say a row's answer; a role by its title."""
    match answer.node:
        case n.Literal(str() as role) if role in policy.roles:
            return role_in_words(role, policy)
        case _:
            return in_words(answer, policy)


def chosen_in_words(chosen_by: Expression, policy: Policy) -> str:
    """Say who is chosen: "the role that table 'Who signs' gives for the change's cost"."""
    return f"the role that {Speaker(policy).giving(chosen_by.node)}"


def row_in_words(row: TableRow, table: Table, policy: Policy) -> str:
    """Say a row: "Where category is scope and cost is above 10,000 GBP, approver is board."."""
    tests = [
        f"{words(column.name)} is {said}"
        for column, cell in zip(table.inputs, row.when, strict=True)
        if (said := cell_in_words(cell, policy)) != ANY
    ]
    answers = [
        f"{words(column.name)} is {answer_in_words(value, policy)}"
        for column, value in zip(table.outputs, row.then, strict=True)
    ]
    where = f"where {joined(tests)}" if tests else "in every case"
    return sentence(f"{where}, {joined(answers)}")
