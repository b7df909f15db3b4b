"""Decision tables as Python functions, for the ordinary case of a call.

The arguments are there and of the columns' types, one row matches or none, and what it answers is
written in code of its own. In any other case the function leaves, and the reference says what the
call comes to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.engines.compiled.code import Code, Made, Names, Unspecialised, plain
from pmo_engine.engines.compiled.generator import Generator
from pmo_engine.engines.compiled.guards import GONE, leave
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.walk import walk

if TYPE_CHECKING:
    from pmo_engine.policy import Expression, Table, TableOutput

MOST_WORK = 20_000  # nodes of the tables that a condition calls: the reference bounds its work


def call_of(generator: Generator, node: n.Call, name: str, output: str, names: Names) -> Code:
    """Write the call of a table, or of one output of it; not in a loop: its work is bounded."""
    table = generator.tables[name]
    if name in names or name in generator.facts or generator.in_loop:
        raise Unspecialised
    made = _made(generator, table, output or _only_output(table))
    generator.table_work += made.work
    arguments = [generator.operand(each, names) for each in _in_order(node, table)]
    fitting = tuple(each.type for each in arguments) == made.parameters
    if not fitting or generator.table_work > MOST_WORK:
        raise Unspecialised
    return Code(f"{made.name}({', '.join(each.source for each in arguments)})", made.type)


def _made(generator: Generator, table: Table, output: str) -> Made:
    """Give the function of a table, which is written once; Unspecialised where there is none."""
    key = (table.id, output)
    if key not in generator.made:
        generator.made[key] = None
        with suppress(Unspecialised):
            generator.made[key] = _write(generator, table, output, f"t{len(generator.made)}")
    made = generator.made[key]
    if made is None:
        raise Unspecialised
    return made


def _write(generator: Generator, table: Table, output: str, name: str) -> Made:
    names = [each.name for each in table.outputs]
    work = _size(table)
    if table.hit_policy not in {"unique", "first"} or work > MOST_WORK or output not in names:
        raise Unspecialised
    writer = _Writer(replace(generator, facts={}, leaves={}, table_work=work), table)
    place = names.index(output)
    arguments = writer.arguments.values()
    head = f"def {name}({', '.join(code.source for code in arguments)}):"
    generator.functions += [head, *writer.admitting(), *writer.matching(place)]
    kinds = tuple(each.type for each in arguments)
    return Made(name, kinds, writer.types[place], writer.generator.table_work)


class _Writer:
    """Writes the lines of one function; its cells see the arguments and nothing else."""

    def __init__(self, generator: Generator, table: Table) -> None:
        self.generator, self.table = generator, table
        self.leave = f"{generator.constant(leave)}()"
        self.arguments = {
            column.name: Code(f"p{place}", plain(column.type), is_ready=True)
            for place, column in enumerate(table.inputs)
        }
        self.types = [plain(output.type) for output in table.outputs]

    def admitting(self) -> Iterator[str]:
        """Leave for a value that is not there, of another type, or not allowed."""
        gone = self.generator.constant(GONE)
        sources = [code.source for code in self.arguments.values()]
        yield f" if {' or '.join(f'{each} is {gone}' for each in sources)}: {self.leave}"
        for column in self.table.inputs:
            code = self.arguments[column.name]
            if isinstance(column.type, t.EnumType):
                words = self.generator.constant(frozenset(column.type.values))
                yield f" if {code.source} not in {words}: {self.leave}"
            if column.allowed is not None:
                yield f" if not {self._test(column.allowed, code)}: {self.leave}"

    def matching(self, place: int) -> Iterator[str]:
        """Find the row, and give its answer in one output; all of its answers must be in order."""
        rows = [
            (self._condition(row.when), self._answers(row.then)[place].source, row.number)
            for row in self.table.rows
        ]
        if self.table.hit_policy == "unique":
            yield " hit = 0"
            yield from (
                f" if {condition}: hit = {number} if not hit else {self.leave}"
                for condition, _, number in rows
            )
            rows = [(f"hit == {number}", answer, number) for _, answer, number in rows]
        yield from (f" if {condition}: return {answer}" for condition, answer, _ in rows)
        defaults = self._answers([output.default for output in self.table.outputs])
        has_one = self.table.outputs[place].default is not None
        yield f" return {defaults[place].source if has_one else self.leave}"

    def _condition(self, cells: tuple[Expression, ...]) -> str:
        pairs = zip(cells, self.arguments.values(), strict=True)
        tests = [self._test(cell, code) for cell, code in pairs if not _passes(cell.node)]
        return " and ".join(tests) or "True"

    def _test(self, cell: Expression, code: Code) -> str:
        return self.generator.truth(cell.node, {**self.arguments, "?": code})

    def _answers(self, cells: tuple[Expression, ...] | list[Expression | None]) -> list[Code]:
        pairs = zip(self.table.outputs, self.types, cells, strict=True)
        return [self._answer(output, type_, cell) for output, type_, cell in pairs]

    def _answer(self, output: TableOutput, type_: t.Type, cell: Expression | None) -> Code:
        """Write an answer of its column's own type; words only where they stand as they are."""
        if cell is None:
            return Code("None", t.NULL)
        code = self.generator.operand(cell.node, self.arguments)
        if code.type != type_:
            raise Unspecialised
        is_word = isinstance(output.type, t.EnumType)
        known = isinstance(cell.node, n.Literal) and cell.node.value in _words(output.type)
        if not known if is_word else output.allowed:
            raise Unspecialised
        return code


def _only_output(table: Table) -> str:
    return table.outputs[0].name if len(table.outputs) == 1 else ""


def _in_order(node: n.Call, table: Table) -> list[n.Node]:
    """Give the arguments of a call in the order of the table's inputs."""
    names = [column.name for column in table.inputs]
    given = dict(zip(node.names or names, node.arguments, strict=False))
    if len(node.arguments) != len(names) or set(given) != set(names):
        raise Unspecialised
    return [given[name] for name in names]


def _words(type_: t.Type) -> tuple[str, ...]:
    return type_.values if isinstance(type_, t.EnumType) else ()


def _passes(node: n.Node) -> bool:
    return node == n.Literal(True)  # noqa: FBT003 - a constant of the language


def _size(table: Table) -> int:
    cells = (cell for row in table.rows for cell in (*row.when, *row.then))
    return sum(1 for cell in cells for _ in walk(cell.node))
