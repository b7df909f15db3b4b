"""The published shapes of what suites say: cases, what they reach, and the limits of a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.analysis.boundaries import limit_in_words
from pmo_engine.feel.wire import to_json
from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pmo_engine.analysis.boundaries import Bound, Point
    from pmo_engine.analysis.coverage import Covered, Missed
    from pmo_engine.policy import Policy
    from pmo_engine.suites.running import CaseResult


class JudgedCase(Shape):
    """How a case came out; ``why`` says of one that failed what its rules made of it."""

    suite: str
    case: str
    passed: bool
    failures: tuple[str, ...]
    why: tuple[str, ...]
    file: str
    line: int
    column: int

    @classmethod
    def of(cls, result: CaseResult, why: Iterable[str]) -> JudgedCase:
        """Publish how a case came out."""
        return cls(
            suite=result.suite,
            case=result.case,
            passed=result.passed,
            failures=tuple(result.failures),
            why=tuple(why),
            file=result.mark.file,
            line=result.mark.line,
            column=result.mark.column,
        )


class NotReached(Shape):
    """Something that no case reached: of which rule, table or ladder, what of it, and where."""

    of: str
    what: str
    file: str
    line: int
    column: int

    @classmethod
    def published(cls, missed: Missed) -> NotReached:
        """Publish what is not reached."""
        file, line, column = missed.mark
        return cls(of=missed.of, what=missed.what, file=file, line=line, column=column)


class Reached(Shape):
    """How much of one kind of thing the cases reach, in numbers and in per cent."""

    reached: int
    total: int
    percent: float
    missed: tuple[NotReached, ...]

    @classmethod
    def of(cls, covered: Covered) -> Reached:
        """Publish how much is reached."""
        return cls(
            reached=covered.reached,
            total=covered.total,
            percent=round(covered.percent, 1),
            missed=tuple(map(NotReached.published, covered.missed)),
        )


class SuiteReport(Shape):
    """The cases of a policy, and what they reach; ``not_reached`` are outcomes by their rule."""

    cases: tuple[JudgedCase, ...]
    not_reached: dict[str, tuple[str, ...]]
    coverage: dict[str, Reached]

    @classmethod
    def of(cls, cases: Iterable[JudgedCase], covered: Sequence[Covered]) -> SuiteReport:
        """Publish cases with what they reach."""
        left: dict[str, tuple[str, ...]] = {}
        for missed in next(item for item in covered if item.kind == "outcomes").missed:
            left[missed.of] = (*left.get(missed.of, ()), missed.what)
        return cls(
            cases=tuple(cases),
            not_reached=left,
            coverage={item.kind: Reached.of(item) for item in covered},
        )


class TriedValue(Shape):
    """A value at a limit or beside it, and which cases try it."""

    side: str
    value: Any
    covered_by: tuple[str, ...]

    @classmethod
    def of(cls, point: Point) -> TriedValue:
        """Publish a value."""
        return cls(side=point.side, value=to_json(point.value), covered_by=tuple(point.cases))


class TriedLimit(Shape):
    """A limit at which a decision changes, and which cases try it."""

    rules: tuple[str, ...]
    authority: str | None
    table: str | None
    row: int | None
    file: str
    line: int
    column: int
    words: str
    limit: Any
    since: str | None
    cases: tuple[TriedValue, ...]

    @classmethod
    def of(cls, policy: Policy, bound: Bound) -> TriedLimit:
        """Publish a limit."""
        boundary = bound.boundary
        return cls(
            rules=tuple(rule.id for rule in boundary.rules),
            authority=boundary.authority or None,
            table=boundary.table or None,
            row=boundary.row or None,
            file=boundary.mark.file,
            line=boundary.mark.line,
            column=boundary.mark.column,
            words=limit_in_words(policy, bound),
            limit=to_json(bound.limit),
            since=to_json(bound.since),
            cases=tuple(map(TriedValue.of, bound.points)),
        )
