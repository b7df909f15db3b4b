"""The policy's header."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import defaults, packs
from pmo_engine.compiler.binding.context import Context
from pmo_engine.compiler.binding.naming import labels
from pmo_engine.compiler.checks import packs as checks
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.policy_files import digest_of
from pmo_engine.policy.organisation import top
from pmo_engine.source import codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.compiler.binding.packs import Parameters
    from pmo_engine.policy import Office, Role


def _header(_: Context, header: s.PolicyHeader) -> tuple[Any, ...]:
    name, version, title = str(header.name), str(header.version), str(header.title or "")
    return name, version, title, header.in_force_from, header.applies_to_open, header.mark


def _head(
    context: Context,
    roles: Mapping[str, Role],
    offices: Mapping[str, Office],
    header: s.PolicyHeader,
) -> str | None:
    """Bind the head of the office: of the one at the top, where offices are declared."""
    above = top(offices)
    head = None if above is None else above.head
    if header.head is None or not context.findings.known(
        header.head, roles, codes.UNKNOWN_ROLE, "role"
    ):
        return head
    if above is not None and head not in {None, str(header.head)}:
        message = f"two heads: '{header.head}' here, and '{head}' of the office '{above.id}'"
        context.findings.add(
            header.head.mark, codes.WRONG_VALUE, message, "leave out 'head:' here, or name the same"
        )
    return str(header.head)


def _parameters(
    context: Context, uses: Mapping[str, s.PackUse], header: s.PolicyHeader
) -> Parameters:
    return packs.parameters(context, uses, header.in_force_from)


KIND = Kind(
    s.PolicyHeader,
    parts=(
        part("name version title in_force_from applies_to_open mark", _header, "header"),
        part("digest", lambda context: digest_of(context.reading.contents)),
        part("contents", lambda context: context.reading.contents),
        part("currency", lambda context: context.currency),
        part("parameters", _parameters, "uses header"),
        part("labels", labels.labels),
        part("named_head", _head, "roles offices header"),
        part("defaults default_within default_ladder", defaults.defaults, "header ladders"),
        part("departures", packs.departures, "uses"),
    ),
    checks=(checks.parameter_described, checks.departure_has_source, checks.replacement_holds),
    printed=frozenset({"title", "packs.with.source", "packs.without.reason"}),
    bare=frozenset({"packs.with.*"}),
)
