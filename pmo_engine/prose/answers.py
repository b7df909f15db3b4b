"""What decision tables answer, in expressions that call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.prose import names
from pmo_engine.prose import vocabulary as v
from pmo_engine.prose.values import joined, value_in_words

if TYPE_CHECKING:
    from pmo_engine.policy import Policy, Table, TableInput, TableOutput
    from pmo_engine.prose.sentences import Speaker


def answered(policy: Policy, node: n.Node) -> TableOutput | None:
    """Give the column that an expression takes from a table's answer; None for anything else."""
    match node:
        case n.Call(n.Name(name)) if name in policy.tables:
            outputs = policy.tables[name].outputs
            return outputs[0] if len(outputs) == 1 else None
        case n.Path(n.Call(n.Name(name)), column) if name in policy.tables:
            return next((e for e in policy.tables[name].outputs if e.name == column), None)
        case _:
            return None


def answer_of_table(to: Speaker, call: n.Call, name: str) -> str:
    """Say what a table answers, or one column of it: "the days that the table 'Size' gives for"."""
    assert isinstance(call.function, n.Name)
    table = to.policy.tables[call.function.name]
    column = answered(to.policy, n.Path(call, name) if name else call)
    if column is None:
        return f"what {giving(to, call)}"
    said = _called(column, to.policy)
    listed = table.hit_policy in v.LISTS
    return f"the {names.plural(said) if listed else said} that {giving(to, call)}"


def _called(column: TableOutput, policy: Policy) -> str:
    """Name a column as a noun: a role that a table gives is one, whatever its column is called."""
    if names.is_of_roles(column.type, policy):
        several = sum(each.type == column.type for each in _beside(column, policy)) > 1
        return f"role under '{names.column_in_words(column)}'" if several else "role"
    return names.column_in_words(column)


def _beside(column: TableOutput, policy: Policy) -> tuple[TableOutput, ...]:
    return next(each.outputs for each in policy.tables.values() if column in each.outputs)


def giving(to: Speaker, node: n.Node) -> str:
    """Say what a table gives: "the table 'Who signs' gives for the change's cost"."""
    match node:
        case n.Call(n.Name(name), arguments, labels) if name in to.policy.tables:
            table = to.policy.tables[name]
            pairs = zip(_inputs(table, labels), arguments, strict=False)
            said = joined([_argument(to, column, each) for column, each in pairs])
            return f"the table '{table.title.rstrip('.')}' gives for {said}"
        case _:
            return f"{to.noun(node)} names"


def _inputs(table: Table, labels: tuple[str, ...]) -> list[TableInput]:
    """Give the columns that arguments are for: in their order, or by their names."""
    by_name = {each.name: each for each in table.inputs}
    return [by_name[label] for label in labels] if labels else list(table.inputs)


def _argument(to: Speaker, column: TableInput, node: n.Node) -> str:
    if isinstance(node, n.Literal):
        is_truth = isinstance(node.value, bool)
        said = value_in_words(node.value) if is_truth else to.noun(node)
        return f"{said} as {names.column_in_words(column)}"
    is_claim = v.type_of(node) == t.BOOLEAN and isinstance(node, n.Name | n.Path)
    return f"whether {to.clause(node)}" if is_claim else to.side(node)
