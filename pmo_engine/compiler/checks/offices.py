"""Checks of offices: the form of each fits where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_engine.compiler.checks.check import check
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import Office, Policy


@check(codes.FORM_OF_OFFICE)
def form_fits_the_tree(policy: Policy) -> Iterator[Diagnostic]:
    """Warn of a hub without spokes, and of a spoke that is under no hub."""
    for office in policy.offices.values():
        if office.form == "hub" and not any(_is_spoke_of(each, office) for each in _all(policy)):
            message = f"'{office.id}' is a hub, and no spoke is under it"
            hint = f"write 'form: spoke' at those under it, or another form at '{office.id}'"
            yield at(office.mark, codes.FORM_OF_OFFICE, message, hint)
        above = policy.offices.get(office.under or "")
        if office.form == "spoke" and (above is None or above.form != "hub"):
            message = f"'{office.id}' is a spoke, and under no hub"
            hint = "write 'under:' with a hub, or 'form: hub' there"
            yield at(office.mark, codes.FORM_OF_OFFICE, message, hint)


def _all(policy: Policy) -> Iterator[Office]:
    yield from policy.offices.values()


def _is_spoke_of(office: Office, hub: Office) -> bool:
    return office.under == hub.id and office.form == "spoke"
