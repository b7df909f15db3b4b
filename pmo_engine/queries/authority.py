"""Who may decide something, and what somebody may do, as faces show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from pmo_engine.model.money import Money
from pmo_engine.model.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.authority.eligibility import Standing
    from pmo_engine.authority.people import Delegation, People
    from pmo_engine.policy import Authority, Policy
    from pmo_engine.policy.terms import Bound
    from pmo_engine.queries.view import View


class StandingShown(Shape):
    """Whether somebody may decide, as what, for whom and by which clause; or why not.

    ``one_with``: other accounts that may too, and are the same person's, who decides once.
    """

    person: str
    may: bool
    role: str
    capacity: str
    on_behalf_of: str | None
    clause: str
    why_not: str
    one_with: tuple[str, ...] = ()


class WhoMay(Shape):
    """One thing that is asked, and everybody near it, those who may act on it first."""

    id: str | None  # of the obligation; None for an event that did not happen here
    title: str
    kind: str
    act: str
    roles: list[str] = Field(alias="for")
    clause: str
    version: int
    standings: list[StandingShown]


class Power(Shape):
    """An act that a role's terms let it do on a day, up to how much, and by whose decision."""

    role: str
    act: str
    clause: str
    up_to: str | None  # None: unlimited
    source: str
    where: str  # for which records alone, whose requests, or while who is not there
    cumulative: str | None
    reserved: bool = False


class HeldRole(Shape):
    """A role that somebody holds, both days included."""

    person: str
    role: str
    project: str | None
    since: str
    until: str | None
    acting: bool
    no_seat: str = ""  # in a body that votes, though it is a role of its members


class Given(Shape):
    """A delegation that holds on the day."""

    owner: str
    delegate: str
    acts: list[str]
    projects: list[str]
    up_to: str | None
    since: str
    until: str | None


class Powers(Shape):
    """What a role or a person may do on a day."""

    on: str
    held: list[HeldRole]
    powers: list[Power]
    delegations_out: list[Given]
    delegations_in: list[Given]
    may_not: list[str]
    may_despite: list[str]


class OpenRecord(Shape):
    """A record that waits for a role."""

    id: str
    title: str
    project: str | None
    amount: str | None
    since: str
    due: str | None
    may: list[str]


class RecordsOf(Shape):
    """The open records that wait for a role to do an act, and from which amount they come to it."""

    role: str
    act: str
    above: str | None  # what juniors may do without it; None: from the first amount on
    up_to: str | None  # in each case, where nothing else is asked; None: no limit is such
    powers: list[Power]  # all that its terms say of the act, with where it is there alone
    records: list[OpenRecord]

    @property
    def reach(self) -> str:
        """Say how far the role may go: each of its limits, with where it is there alone."""
        return "; ".join(map(_reach, self.powers)) or "by its terms it may not, unless it goes up"


def _reach(each: Power) -> str:
    if each.reserved:
        return "reserved to it"
    parts = (f"up to {each.up_to or 'any amount'}", each.cumulative, each.where)
    return " ".join(filter(None, parts))


def standings_shown(found: Sequence[Standing], people: People) -> list[StandingShown]:
    """Give standings as they are shown."""
    may = [each.person for each in found if each.may]
    return [
        StandingShown(
            person=each.person,
            may=each.may,
            role=each.role,
            capacity=each.capacity,
            on_behalf_of=each.on_behalf_of,
            clause=each.clause,
            why_not=each.why_not,
            one_with=tuple(
                e for e in may if each.may and e != each.person and people.are_one(e, each.person)
            ),
        )
        for each in found
    ]


def powers(c: View, role: str) -> Iterator[Power]:
    """Give what the terms let a role do on the day of a view."""
    terms = c.policy.terms.get(role)
    if terms is None:
        return
    for item in terms.authority:
        limit = item.limit_on(c.today)
        if limit is not None:
            yield Power(
                role=role,
                act=item.act,
                clause=item.id,
                up_to=_up_to(limit.value, c.policy),
                source=limit.source,
                where=_where(item, c.policy),
                cumulative=_together(item),
            )
    for act in terms.reserved_acts:
        yield Power(
            role=role,
            act=act,
            clause="reserved matters",
            up_to=None,
            source="",
            where="",
            cumulative=None,
            reserved=True,
        )


def _up_to(value: Bound | None, policy: Policy) -> str | None:
    """Say a limit as it is written, and one that is worked out in words."""
    if value is None or isinstance(value, Money):
        return None if value is None else str(value)
    from pmo_engine.prose.terms import bound_in_words  # noqa: PLC0415 - slow, and seldom asked

    return bound_in_words(value, policy)


def _where(item: Authority, policy: Policy) -> str:
    if not item.is_conditional:
        return ""
    from pmo_engine.prose.terms import scope_in_words  # noqa: PLC0415 - slow, and seldom asked

    return scope_in_words(item, policy).removeprefix(",").strip()


def _together(item: Authority) -> str | None:
    from pmo_engine.prose.terms import reckoning_in_words  # noqa: PLC0415 - slow, and seldom asked

    return reckoning_in_words(item).strip() or None if item.cumulative is not None else None


def held_role(each: Any, no_seat: str) -> HeldRole:
    """Give a role as somebody holds it."""
    return HeldRole(
        person=each.person,
        role=each.role,
        project=each.project,
        since=each.since.isoformat(),
        until=None if each.until is None else each.until.isoformat(),
        acting=each.acting,
        no_seat=no_seat,
    )


def given(each: Delegation) -> Given:
    """Give a delegation with its bounds."""
    return Given(
        owner=each.owner,
        delegate=each.delegate,
        acts=list(each.acts),
        projects=list(each.projects),
        up_to=None if each.up_to is None else str(each.up_to),
        since=each.since.isoformat(),
        until=None if each.until is None else each.until.isoformat(),
    )
