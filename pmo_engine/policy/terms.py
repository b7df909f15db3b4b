"""Terms of reference: what a role or body is for, and what it may do."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from pmo_engine.model.ballots import MORE_THAN_HALF, Portion, Rules
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.expressions import Dated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pmo_engine.model import durations
    from pmo_engine.model.ballots import Count
    from pmo_engine.model.durations import Span
    from pmo_engine.model.fact_paths import FactPath
    from pmo_engine.model.money import Money
    from pmo_engine.model.quorum import Part
    from pmo_engine.source.diagnostics import Mark


ADOPT = "adopt policy"
"""The act of adopting a version of the policy."""
STANDING, SUMS = "standing", "sums"
"""The fact that says how the office stands: what is taken up, who is away, what who asks holds."""


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A part of an amount that a fact gives: 10 % of ``change.contract_price``."""

    share: durations.Share
    of: FactPath


@dataclass(frozen=True, slots=True)
class Extreme:
    """The greater, or the lesser, of several amounts."""

    greater: bool
    of: tuple[Money | ShareOf, ...]


Bound: TypeAlias = "Money | ShareOf | Extreme"
"""How far a limit goes; what it comes to may hang on facts."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A dated value of an authority; ``value`` ``None`` is unlimited."""

    start: date | None
    value: Bound | None
    source: str


Period: TypeAlias = Literal["financial year", "contract life", "ever"]
Across: TypeAlias = Literal["project", "office"]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """What a cumulative limit adds up: over which time, in one project or ``across`` the office.

    ``field`` is that of the register in which records agree, as in ``supplier``; ``None`` is
    everything. ``year_from``: the month and day on which the financial year begins.
    """

    field: str | None
    over: Span | Period
    across: Across = "project"
    year_from: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Only:
    """Which records an authority is over: those whose field is one of some values."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """A dated limit to an act (``approve change_request``) of one role.

    ``basis`` says how amounts are reckoned, as in "excluding VAT". It is there where all of ``of``
    hold, for requests of those in the line of one of ``requesters`` (of anybody where there are
    none), in the absence of a role, or while nobody holds it.
    """

    id: str
    role: str
    act: str
    limits: tuple[Limit, ...]
    cumulative: Cumulative | None
    mark: Mark = field(compare=False)
    basis: str = ""
    of: tuple[Only, ...] = ()
    requesters: tuple[str, ...] = ()
    in_absence_of: str | None = None
    while_vacant: str | None = None

    @property
    def is_conditional(self) -> bool:
        """Tell whether it is there for some records, or at some times, alone."""
        away = self.in_absence_of or self.while_vacant
        return bool(self.of or self.requesters or away)

    def limit_on(self, day: date) -> Limit | None:
        """Give the latest limit that has begun by ``day``, or ``None``."""
        begun = [item for item in self.limits if item.start is None or item.start <= day]
        return begun[-1] if begun else None

    def as_of(self, day: date) -> Self:
        """Give it with the limit of ``day`` alone."""
        limit = self.limit_on(day)
        return replace(self, limits=() if limit is None else (limit,))


@dataclass(frozen=True, slots=True)
class MayDelegate:
    """What whoever holds a role may let somebody else do.

    ``acts`` are whole or a verb alone, ``None`` everything that is not reserved. ``to`` names the
    roles of which a delegate holds one; empty: anybody.
    """

    acts: tuple[str, ...] | None = None
    to: tuple[str, ...] = ()
    chains: bool = False


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of a body must be there to meet, and must vote alike to decide.

    ``vote`` ``None``: as many as its voting says, and no more.
    """

    meet: Part
    vote: Part | None


@dataclass(frozen=True, slots=True)
class Seat:
    """Seats of a body: for a role, or by a name of their own; ``appointed_by`` may be a role."""

    role: str | None
    name: str
    count: int
    appointed_by: str
    votes: bool


@dataclass(frozen=True, slots=True)
class Despite:
    """An interest (``own project``) despite which a role may decide, by whose decision."""

    interest: str
    source: str


@dataclass(frozen=True, slots=True)
class Written:
    """A decision in writing: open for a time, counted of what and passed by what then."""

    within: Span
    count: Count
    passes: Portion


@dataclass(frozen=True, slots=True)
class Silence:
    """That a matter passes where nobody objects within a time, and who said so."""

    within: Span
    source: str


@dataclass(frozen=True, slots=True)
class Extension:
    """How much longer a vote is open that reaches its quorum in the last part of its time."""

    by: Span
    reached_within: Span


@dataclass(frozen=True, slots=True)
class Voting:
    """How a body decides; see ``Rules`` of ballots for the words."""

    count: Count = "cast"
    passes: Portion = MORE_THAN_HALF
    abstentions: bool = False
    casting_vote: bool = False
    recusal_lowers: bool = False
    written: Written | None = None
    silence: Silence | None = None
    extension: Extension | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsOfReference(Dated):
    """What a role or body is for and may do; a section that is not there is empty.

    ``members`` counts those who vote. ``reserved_acts`` are acts that nobody else may do.
    ``voting_in_words`` is text for people, ``voting`` is kept.
    """

    role: str
    mark: Mark = field(compare=False)
    purpose: str = ""
    remit: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    responsibilities: tuple[str, ...] = ()
    authority: tuple[Authority, ...] = ()
    reserved: tuple[str, ...] = ()
    reserved_acts: tuple[str, ...] = ()
    members: int | None = None
    membership: tuple[Seat, ...] = ()
    chair: str | None = None
    deputies: tuple[str, ...] = ()  # in the order in which they stand in
    delegation: MayDelegate | None = None
    quorum: Quorum | None = None
    voting: Voting | None = None
    voting_in_words: str = ""
    cadence: str = ""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    reports_to: str | None = None
    escalates_to: str | None = None
    may_not: tuple[str, ...] = ()
    may_despite: tuple[Despite, ...] = ()
    conflicts: str = ""
    review_on: date | None = None
    review_every: str | None = None

    def as_of(self, day: date) -> Self | None:
        """Give the terms with the limits of ``day``."""
        return replace(self, authority=tuple(each.as_of(day) for each in self.authority))

    def turns(self) -> Iterator[date | None]:
        """Give the days on which limits begin."""
        return (limit.start for item in self.authority for limit in item.limits)

    @property
    def has_ballots(self) -> bool:
        """Tell whether they say how a body votes: by one of the keys, the rest is as usual."""
        return bool(self.members or self.membership or self.quorum or self.voting)

    def rules(self, *, in_writing: bool = False) -> Rules:
        """Give the rules by which a body's ballots are counted."""
        voting, quorum = self.voting or Voting(), self.quorum
        of = voting.written if in_writing and voting.written else voting
        vote = quorum.vote if quorum else None
        return Rules(
            meet=Portion(quorum.meet) if quorum else MORE_THAN_HALF,
            decide=None if vote is None else Portion(vote),
            count=of.count,
            passes=of.passes,
            abstentions=voting.abstentions,
            casting_vote=voting.casting_vote,
            recusal_lowers=voting.recusal_lowers,
        )

    @property
    def deputy(self) -> str | None:
        """Name who stands in first."""
        return self.deputies[0] if self.deputies else None
