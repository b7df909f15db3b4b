"""One transaction and the repositories in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Row, Select

from pmo_engine.store.addressees import Addressees
from pmo_engine.store.decisions import Decisions, Listings
from pmo_engine.store.journal import Journal
from pmo_engine.store.obligations import Obligations, Rungs
from pmo_engine.store.opening import Opening, opening
from pmo_engine.store.outbox import Outbox
from pmo_engine.store.people.roles import People
from pmo_engine.store.policies.versions import PolicyTexts, PolicyVersions
from pmo_engine.store.projects import Projects
from pmo_engine.store.records.entries import Entries
from pmo_engine.store.repository import Transaction
from pmo_engine.store.settings import Settings
from pmo_engine.store.subjects import Subjects
from pmo_engine.store.timed.watches import Watches
from pmo_engine.store.votes import Votes

if TYPE_CHECKING:
    from pmo_engine.store.gates.judged import Evidences, Judgements
    from pmo_engine.store.gates.reviews import Assessments, GateReviews
    from pmo_engine.store.imports import Imports
    from pmo_engine.store.people.interests import DeclaredInterests
    from pmo_engine.store.people.programmes import Programmes
    from pmo_engine.store.people.standing_in import StandingIn
    from pmo_engine.store.policies.comments import PolicyComments
    from pmo_engine.store.portfolio import ColourOverrides, Cycles
    from pmo_engine.store.records.waits import Waits
    from pmo_engine.store.reports import Reports
    from pmo_engine.store.requests import Requests
    from pmo_engine.store.timed.rounds import Returns, Rounds


class UnitOfWork:
    """Everything in it is kept together, or nothing of it is. `Database` makes them.

    The tables of what few commands have to do with are loaded when it is asked for.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.subjects = Subjects(transaction)
        self.projects = Projects(transaction)
        self.people = People(transaction)
        self.watches = Watches(transaction)
        self.entries = Entries(transaction, self.watches)
        self.decisions = Decisions(transaction)
        self.listings = Listings(transaction)
        self.obligations = Obligations(transaction)
        self.addressees = Addressees(transaction)
        self.votes = Votes(transaction)
        self.rungs = Rungs(transaction)
        self.policy_texts = PolicyTexts(transaction)
        self.policy_versions = PolicyVersions(transaction)
        self.outbox = Outbox(transaction)
        self.journal = Journal(transaction)
        self.settings = Settings(transaction)
        self._once_kept: dict[Hashable, Callable[[], None]] = {}

    @cached_property
    def requests(self) -> Requests:
        from pmo_engine.store.requests import Requests  # noqa: PLC0415 - see above

        return Requests(self._transaction)

    @cached_property
    def policy_comments(self) -> PolicyComments:
        from pmo_engine.store.policies.comments import PolicyComments  # noqa: PLC0415 - see above

        return PolicyComments(self._transaction)

    @cached_property
    def standing_in(self) -> StandingIn:
        from pmo_engine.store.people.standing_in import StandingIn  # noqa: PLC0415 - see above

        return StandingIn(self._transaction)

    @cached_property
    def waits(self) -> Waits:
        from pmo_engine.store.records.waits import Waits  # noqa: PLC0415 - see above

        return Waits(self._transaction)

    @cached_property
    def interests(self) -> DeclaredInterests:
        from pmo_engine.store.people.interests import DeclaredInterests  # noqa: PLC0415 - see above

        return DeclaredInterests(self._transaction)

    @cached_property
    def programmes(self) -> Programmes:
        from pmo_engine.store.people.programmes import Programmes  # noqa: PLC0415 - see above

        return Programmes(self._transaction)

    @cached_property
    def gate_reviews(self) -> GateReviews:
        from pmo_engine.store.gates.reviews import GateReviews  # noqa: PLC0415 - see above

        return GateReviews(self._transaction)

    @cached_property
    def assessments(self) -> Assessments:
        from pmo_engine.store.gates.reviews import Assessments  # noqa: PLC0415 - see above

        return Assessments(self._transaction)

    @cached_property
    def judgements(self) -> Judgements:
        from pmo_engine.store.gates.judged import Judgements  # noqa: PLC0415 - see above

        return Judgements(self._transaction)

    @cached_property
    def evidence(self) -> Evidences:
        from pmo_engine.store.gates.judged import Evidences  # noqa: PLC0415 - see above

        return Evidences(self._transaction)

    @cached_property
    def imports(self) -> Imports:
        from pmo_engine.store.imports import Imports  # noqa: PLC0415 - see above

        return Imports(self._transaction)

    @cached_property
    def reports(self) -> Reports:
        from pmo_engine.store.reports import Reports  # noqa: PLC0415 - see above

        return Reports(self._transaction)

    @cached_property
    def overrides(self) -> ColourOverrides:
        from pmo_engine.store.portfolio import ColourOverrides  # noqa: PLC0415 - see above

        return ColourOverrides(self._transaction)

    @cached_property
    def cycles(self) -> Cycles:
        from pmo_engine.store.portfolio import Cycles  # noqa: PLC0415 - see above

        return Cycles(self._transaction)

    @cached_property
    def rounds(self) -> Rounds:
        from pmo_engine.store.timed.rounds import Rounds  # noqa: PLC0415 - see above

        return Rounds(self._transaction)

    @cached_property
    def returns(self) -> Returns:
        from pmo_engine.store.timed.rounds import Returns  # noqa: PLC0415 - see above

        return Returns(self._transaction)

    @property
    def at(self) -> datetime:
        """When it is done, in UTC."""
        return self._transaction.stamp.at

    def select(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        """What a query asks for, of any tables: values, not rows that could be changed."""
        return cast("Sequence[Row[Any]]", self._transaction.session.execute(statement).all())

    def opening(self, setting: str, person: str | None = None) -> Opening:
        """What binds, what a setting says, and whether a person is known, in one question."""
        found = opening(self._transaction, setting, person)
        self.people.as_found = found.people
        return found

    def forget(self) -> None:
        """Reads every row anew from now on, as after a lock."""
        self._transaction.session.flush()
        self._transaction.session.expire_all()
        self.votes.forget()
        self.people.forget()
        self.entries.forget()
        self.projects.forget()

    def once_kept(self, key: Hashable, do: Callable[[], None]) -> None:
        """Has something done when all of this is kept; never if it is not. Once for each key."""
        self._once_kept.setdefault(key, do)

    def was_kept(self) -> None:
        """Does what was to be done once all of this is kept."""
        for do in self._once_kept.values():
            do()

    def write(self) -> None:
        """Writes all that was added so far, but for the journal, so that questions see it."""
        self._transaction.session.flush()

    @property
    def untold(self) -> frozenset[str]:
        """The projects of which records were written, and whose journal says nothing of it."""
        return self.entries.written_in - self.journal.told

    def flush(self) -> None:
        """Writes all that was added, so that constraints speak; the journal, locked, comes last."""
        self.watches.write()
        self.listings.write()
        self._transaction.session.flush()
        self.journal.write()
