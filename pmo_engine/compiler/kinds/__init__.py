"""The kinds of policy document: one declaration each, which every phase goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.kinds import (
    calendars,
    dashboard,
    figures,
    gates,
    header,
    notices,
    offices,
    organisation,
    rates,
    registers,
    reports,
    rounds,
    rules,
    strategies,
    suites,
    tables,
    terms,
    tolerances,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler.checks.check import Check
    from pmo_engine.compiler.kinds.kind import Kind, Part
    from pmo_engine.compiler.schema.located import Located

_ALL = (
    header.KIND,
    organisation.ROLES,
    terms.KIND,
    organisation.ACTS,
    registers.KIND,
    rules.KIND,
    figures.FIGURES,
    dashboard.KIND,
    tables.KIND,
    gates.KIND,
    tolerances.KIND,
    rates.KIND,
    views.VIEWS,
    views.QUALITY,
    notices.KIND,
    reports.KIND,
    rounds.KIND,
    strategies.KIND,
    organisation.LADDERS,
    offices.KIND,
    calendars.KIND,
    suites.EVENT_LOGS,
    suites.SUITES,
    figures.EXAMPLES,
)
KINDS: Mapping[str, Kind] = {kind.id: kind for kind in _ALL}
"""All kinds, by the word that documents of them begin with."""
MODELS: Mapping[str, type[Located]] = {name: kind.model for name, kind in KINDS.items()}
PARTS: tuple[Part, ...] = tuple(part for kind in _ALL for part in kind.parts)
CHECKS: tuple[Check, ...] = tuple(check for kind in _ALL for check in kind.checks)
