"""Records of registers: listed, and each with its whole story."""

from __future__ import annotations

from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.decisions.published import PublishedDecision, standing_faults
from pmo_engine.model.identifiers import ENGINE
from pmo_engine.model.life_cycle import UNDECIDED
from pmo_engine.model.patterns import pattern
from pmo_engine.model.shape import Shape, iso
from pmo_engine.policy.registers import DECIDED
from pmo_engine.queries.figures import FigureRow
from pmo_engine.queries.obligations import ObligationState, obligations_about
from pmo_engine.queries.paging import ALL, Listing, Page, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from pmo_engine.queries.view import View
    from pmo_engine.store.tables import Entry, EntryVersion

    Figures = Callable[[Entry], list[FigureRow]]


_NUMBER = pattern(r"-?[0-9]+(\.[0-9]+)?")
_APPROVED = frozenset((each, "approved") for each in UNDECIDED)


def no_figures(_: Entry) -> list[FigureRow]:
    """Show no figures of a record."""
    return []


class RecordRow(Shape):
    """A record as it stands."""

    project: str
    register_name: str = Field(alias="register")
    key: str
    version: int
    status: str
    standing: str
    owner: str | None
    due: str | None
    fields_: dict[str, Any] = Field(alias="fields")
    figures: tuple[FigureRow, ...] = ()


class RecordVersion(Shape):
    """A record as it was, and who made it so.

    ``name`` is of who it was; of an approval it is of those who gave it, whoever gave what was
    missing last. ``became``: how it came to be so, where its status does not say.
    """

    version: int
    status: str
    fields_: dict[str, Any] = Field(alias="fields")
    by: str
    name: str
    reason: str = ""
    became: str = ""


class DecisionMade(Shape):
    """What the engine said about a record."""

    event: str
    at: str
    result: PublishedDecision


class RecordStory(RecordRow):
    """A record with all its versions, decisions, obligations and votes.

    ``faults``: the rules that could not be judged when they were last, with the reason.
    """

    faults: dict[str, str]
    versions: list[RecordVersion]
    decisions: list[DecisionMade]
    obligations: list[ObligationState]


def records(
    view: View,
    project: str,
    register: str,
    page: Page = ALL,
    *,
    status: str | None = None,
    owner: str | None = None,
    figures: Figures = no_figures,
) -> Listing[RecordRow]:
    """List the records of one register in a project or office, CR-10 after CR-9, by pages.

    ``figures`` gives those of a record.
    """
    rows = view.uow.entries.listed(
        project,
        register,
        status=status,
        owner=owner,
        after=page.after,
        limit=page.one_more,
    )
    shown = (RecordRow(**_row(entry), figures=tuple(figures(entry))) for entry in rows)
    return listing(shown, page, lambda each: each.key)


def story(view: View, entry: Entry, figures: Figures = no_figures) -> RecordStory:
    """Tell all there is about a record; ``figures`` gives its figures."""
    uow = view.uow
    decisions = uow.decisions.of_subject(entry.id)
    rules = {rule.id for rule in view.under(entry).policy.rules}
    faults = standing_faults(each.result for each in decisions)
    versions = uow.entries.versions(entry.id)
    called = uow.people.names_of(each.by for each in versions)
    closed = view.under(entry).policy.registers[entry.register_name].life.closed
    obligations = obligations_about(view, entry.id)
    return RecordStory(
        **_row(entry),
        faults={rule: text for rule, text in faults.items() if rule in rules},
        figures=tuple(figures(entry)),
        versions=[
            RecordVersion(
                version=v.version,
                status=v.status,
                fields_=v.document,
                by=v.by,
                name=_approvers(v, before, obligations) or called[v.by],
                reason=v.reason,
                became=_became(v, before, closed),
            )
            for before, v in zip([None, *versions], versions, strict=False)
        ],
        decisions=[
            DecisionMade(event=d.event, at=d.at.isoformat(), result=d.result) for d in decisions
        ],
        obligations=obligations,
    )


def _became(now: EntryVersion, before: EntryVersion | None, closed: Collection[str]) -> str:
    """Say how a record came to be as it is, where its state does not: decided on its way, too."""
    if before is None:
        return ""
    if before.status in closed and now.status not in closed:
        return "opened again"
    on_its_way = before.status == now.status and before.standing in UNDECIDED
    return now.standing if on_its_way and now.standing in DECIDED else ""


def _approvers(
    now: EntryVersion, before: EntryVersion | None, obligations: Iterable[ObligationState]
) -> str:
    """Name who approved a record, where they are not who gave what was missing last."""
    came = before is not None and (before.standing, now.standing) in _APPROVED
    if not came or now.by == ENGINE:
        return ""
    voted = {
        vote.person: vote.name
        for each in obligations
        if each.decides and each.status == "met" and each.outcome == "approve"
        for vote in each.votes
        if vote.choice == "approve" and not vote.superseded and vote.at <= now.at.isoformat()
    }
    return "" if now.by in voted else " and ".join(voted.values())


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "project": entry.project,
        "register": entry.register_name,
        "key": entry.key,
        "version": entry.version,
        "status": entry.status,
        "standing": entry.standing,
        "owner": entry.owner,
        "due": iso(entry.due),
        "fields": entry.document,
    }


def changes_since(view: View, entry: Entry, version: int) -> list[str]:
    """Say in words which fields of a record differ from an earlier version of it."""
    then = next((v for v in view.uow.entries.versions(entry.id) if v.version == version), None)
    return [] if then is None else differing(then.document, entry.document)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Say what became of each field: 'cost: 5000.00 GBP, now 9000.00 GBP'."""
    names = sorted({*before, *after})
    return [
        f"{name.replace('_', ' ')}: {_said(before.get(name))}, now {_said(after.get(name))}"
        for name in names
        if before.get(name) != after.get(name)
    ]


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)


def score_of_risk(risk: Entry) -> Decimal:
    """Give what a risk comes to on its scales, nothing where one is not known or no number."""
    said = risk.document
    scales = ("score",) if said.get("score") is not None else ("probability", "impact")
    values = [str(said.get(each)) for each in scales]
    known = [Decimal(each) for each in values if _NUMBER.fullmatch(each)]
    return prod(known, start=Decimal(1)) if len(known) == len(values) else Decimal(0)
