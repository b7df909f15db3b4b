"""Decision tables as English: cells, rows, what a table is for, and whom one chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard, assert_never

from pmo_engine.authority.titles import role_in_words
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.prose.answers import answer_of_table, answered, giving
from pmo_engine.prose.expressions import in_words
from pmo_engine.prose.names import column_in_words, sentence
from pmo_engine.prose.sentences import Speaker
from pmo_engine.prose.values import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.policy import (
        Expression,
        HitPolicy,
        Policy,
        Table,
        TableInput,
        TableOutput,
        TableRow,
    )

VALUE = "?"
ANY = "any"
_SAYS_ITSELF = ("whether ", "how ", "what ", "who ", "the ", "a ", "an ")


def table_in_words(table: Table, policy: Policy) -> str:
    """Say what a table gives for what, which rows count, and what holds where none does."""
    inputs = joined([_input(each, policy) for each in table.inputs])
    outputs = joined([_given(each) for each in table.outputs])
    said = [f"for {inputs} the table gives {outputs}, by {_counting(table.hit_policy)}"]
    for each in table.outputs:
        if each.default is not None:
            value = answer_in_words(each.default, policy)
            said.append(f"where no row matches, {_quoted(each)} is {value}")
    return "\n".join(sentence(part) for part in said)


def _input(column: TableInput, policy: Policy) -> str:
    within = f" ({cell_in_words(column.allowed, policy)})" if column.allowed is not None else ""
    return f"{_quoted(column)}{within}"


def _quoted(column: TableInput | TableOutput) -> str:
    """Name a column in a sentence: in quotes where it is more than a word."""
    said = column_in_words(column)
    return f"'{said}'" if " " in said else said


def _given(column: TableOutput) -> str:
    """Name what a table gives: "the route", but "whether it is urgent"."""
    said = _quoted(column)
    return said if column_in_words(column).startswith(_SAYS_ITSELF) else f"the {said}"


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
        case n.Membership(n.Name("?"), (n.Literal(bool() as truth),)):
            return "yes" if truth else "no"
        case n.Membership(n.Name("?"), tests) if _are_roles(tests, policy):
            return joined([_title(str(each.value), policy) for each in tests], "or")
        case n.Disjunction(operands):
            return joined([_cell(each, policy) for each in operands], "or")
        case n.Conjunction(operands):
            return joined([_cell(each, policy) for each in operands])
        case _:
            subject = "it"
            speaker = Speaker(policy, said={VALUE: subject}, again={VALUE: subject})
            return speaker.anything(node, t.BOOLEAN).removeprefix(f"{subject} is ")


def _are_roles(tests: Sequence[n.Node], policy: Policy) -> TypeGuard[Sequence[n.Literal]]:
    return all(isinstance(each, n.Literal) and each.value in policy.roles for each in tests)


def _title(role: str, policy: Policy) -> str:
    return role_in_words(role, policy).removeprefix("the ")


def answer_in_words(answer: Expression, policy: Policy) -> str:
    """Say a row's answer; a role by its title."""
    match answer.node:
        case n.Literal(str() as role) if role in policy.roles:
            return role_in_words(role, policy)
        case _:
            return in_words(answer, policy)


def chosen_in_words(chosen_by: Expression, policy: Policy) -> str:
    """Say who is chosen: "the role that the table 'Who signs' gives for the change's cost"."""
    return _chosen(chosen_by.node, Speaker(policy))


def _chosen(node: n.Node, speaker: Speaker) -> str:
    match node:
        case n.Literal(str(role)):
            return role_in_words(role, speaker.policy)
        case n.Conditional(condition, consequence, alternative):
            first, last = _chosen(consequence, speaker), _chosen(alternative, speaker)
            return f"{first} if {speaker.clause(condition)}, otherwise {last},"
        case n.Path(n.Call() as call, name) if answered(speaker.policy, node):
            return answer_of_table(speaker, call, name)
        case _:
            return f"the role that {giving(speaker, node)}"


def cited_in_words(table: Table, number: int, policy: Policy) -> str:
    """Say a row with its place in the table, and by which clause and source it is there."""
    row = next(each for each in table.rows if each.number == number)
    cited = "; ".join(filter(None, (row.clause or table.clause, row.source or table.source)))
    said = row_in_words(row, table, policy).rstrip(".")
    return f"row {number} of '{table.title}': {said}{f' ({cited})' if cited else ''}"


def row_in_words(row: TableRow, table: Table, policy: Policy) -> str:
    """Say a row: "Where category is scope and cost is above 10,000 GBP, approver is board."."""
    tests = [
        f"{_quoted(column)} is {said}"
        for column, cell in zip(table.inputs, row.when, strict=True)
        if (said := cell_in_words(cell, policy)) != ANY
    ]
    answers = [
        f"{_quoted(column)} is {answer_in_words(value, policy)}"
        for column, value in zip(table.outputs, row.then, strict=True)
    ]
    where = f"where {joined(tests)}" if tests else "in every case"
    return sentence(f"{where}, {joined(answers)}")
