"""Checks of decision tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.compiler.table_findings import findings
from pmo_engine.compiler.table_findings.amounts import computed_amounts
from pmo_engine.compiler.table_findings.nulls import nullable_columns
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Policy


@check(codes.TABLE_GAP)
def table_is_complete(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of what no row of a table matches, where there is no default."""
    computed, nullable = computed_amounts(policy), nullable_columns(policy)
    for table in policy.tables.values():
        columns = computed.get(table.id, ()), nullable.get(table.id, ())
        yield from findings.gaps(table, policy.in_force_from, *columns)


@check(codes.TABLE_OVERLAP)
def rows_do_not_overlap(policy: Policy) -> Iterator[Diagnostic]:
    """Find rows that match the same though the hit policy forbids it."""
    computed = computed_amounts(policy)
    for table in policy.tables.values():
        yield from findings.overlaps(table, policy.in_force_from, computed.get(table.id, ()))


@check(codes.UNREACHABLE_ROW)
def rows_can_be_reached(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of rows that never match, or that others always go before."""
    computed = computed_amounts(policy)
    for table in policy.tables.values():
        yield from findings.unreachable(table, policy.in_force_from, computed.get(table.id, ()))


@check(codes.OUTPUTS_AND_HIT_POLICY)
def outputs_fit_hit_policy(policy: Policy) -> Iterator[Diagnostic]:
    """Find outputs that cannot be ordered or added up, and answers that are not allowed."""
    for table in policy.tables.values():
        yield from findings.hit_policy(table)
