"""The journal: one append-only chain of hashes per project, and one for the office."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Index, bindparam, select, update
from sqlmodel import Field, col

from pmo_engine.model.canonical_json import NotCanonical, canonical
from pmo_engine.store.base import Table, always, partial
from pmo_engine.store.columns import Document, Moment
from pmo_engine.store.columns import canonical as sorted_json
from pmo_engine.store.errors import StoreError, Unstorable
from pmo_engine.store.prepared import execute, insert_rows
from pmo_engine.store.repository import Repository, Transaction

START = "0" * 64
"""The previous hash of a chain's first line."""


Head = tuple[int, str]
"""The number and the hash of a chain's last line."""


Told = tuple[str, str | None, dict[str, Any]]
"""What a line tells: its kind, of what, and its body."""


FORM = 3
"""How lines are written today; see `line_hash`."""


class JournalEntry(Table, table=True):
    """A line of a chain; `hash` covers all the rest, the previous line's hash included.

    `through`: by which account of which machine the actor came in, where that is known.
    `subject_id`: of what it tells, where that is one of the subjects; all that a chain tells of a
    subject is in this chain. `form`: how the line was written when its hash was taken.
    """

    __tablename__ = "journal"
    __table_args__ = (
        always("seq", "seq >= 1"),
        Index("ix_journal_at_seq", "at", "seq"),
        Index("ix_journal_actor_at_seq", "actor", "at", "seq"),
        Index("ix_journal_kind_at_seq", "kind", "at", "seq"),
        Index("ix_journal_chain_actor_seq", "chain", "actor", "seq"),
        Index("ix_journal_chain_kind_seq", "chain", "kind", "seq"),
        partial("ix_journal_subject_id_seq", "subject_id", "seq", where="subject_id IS NOT NULL"),
    )

    chain: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    actor: str
    kind: str
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Document)
    through: str | None = None
    subject_id: str | None = None
    form: int
    previous_hash: str
    hash: str


class JournalHead(Table, table=True):
    """Where a chain stands; its row lock makes the chain's writers take turns."""

    __tablename__ = "journal_heads"

    chain: str = Field(primary_key=True)
    seq: int
    hash: str


class UnknownForm(StoreError):
    """A line is written in a form that this version does not know."""


def line_hash(line: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of a line's canonical JSON without its own hash.

    In form 3 that is by RFC 8785, of all columns; in form 2, in which lines were written before,
    without `subject_id`; in form 1, in which they were before that, keys are sorted by code point
    and `through` and `form` are not there either.

    Raises:
        UnknownForm: it is in neither.
        Unstorable: its body has no such form.
    """
    at: datetime = line["at"]
    hashed = {name: line[name] for name in ("chain", "seq", "actor", "kind", "body")}
    hashed |= {"at": at.isoformat(), "previous_hash": line["previous_hash"]}
    match line["form"]:
        case 1:
            return sha256(sorted_json(hashed).encode()).hexdigest()
        case 2:
            return sha256(_by_rfc_8785(hashed, line)).hexdigest()
        case 3:
            hashed["subject_id"] = line["subject_id"]
            return sha256(_by_rfc_8785(hashed, line)).hexdigest()
        case form:
            raise UnknownForm(f"the form {form} of a line of the journal is not known")


def _by_rfc_8785(hashed: dict[str, Any], line: Mapping[str, Any]) -> bytes:
    try:
        return canonical({**hashed, "through": line["through"], "form": line["form"]})
    except NotCanonical as error:
        raise Unstorable(str(error)) from error


_HEADS = Table.metadata.tables["journal_heads"]


_MOVE = (
    update(_HEADS)
    .where(_HEADS.c.chain == bindparam("of"))
    .values(seq=bindparam("seq"), hash=bindparam("hash"))
)


_HEAD = select(_HEADS.c.seq, _HEADS.c.hash).where(_HEADS.c.chain == bindparam("chain"))


_LOCKED_HEADS = (
    select(_HEADS.c.chain, _HEADS.c.seq, _HEADS.c.hash)
    .where(_HEADS.c.chain.in_(bindparam("chains", expanding=True)))
    .order_by(_HEADS.c.chain)
    .with_for_update()
)


class Journal(Repository[JournalEntry]):
    """What happened, who did it, when. Lines are chained when the transaction commits."""

    model = JournalEntry
    noun = "journal entry"

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._unwritten: list[dict[str, Any]] = []
        self._known: dict[str, Head] = {}  # where chains stand that nobody else can move by now
        self._moved: dict[str, tuple[str, str]] = {}

    def add(
        self,
        chain: str,
        kind: str,
        body: dict[str, Any],
        subject_id: str | None = None,
        actor: str | None = None,
    ) -> None:
        """A line by this unit of work's actor, at its time. `chain`: a project, or `OFFICE`.

        Another ``actor`` is named for what follows by itself from what this one does.
        """
        stamp, actor = self._transaction.stamp, actor or self.actor
        line = {"chain": chain, "at": stamp.at, "actor": actor, "kind": kind, "body": body}
        line |= {"through": stamp.through, "subject_id": subject_id, "form": FORM}
        self._unwritten.append(line)

    @property
    def actor(self) -> str:
        """Who does what this unit of work does."""
        return self._transaction.stamp.actor

    def read(self, chain: str, after: int = 0) -> list[JournalEntry]:
        """The chain's lines in order, those that this unit of work added included."""
        self.write()
        lines = select(JournalEntry).where(
            col(JournalEntry.chain) == chain, col(JournalEntry.seq) > after
        )
        return self._all(lines.order_by(col(JournalEntry.seq)))

    def told_of(self, chain: str, kinds: Collection[str]) -> list[Told]:
        """What a chain tells by lines of some kinds, in order, those that were added included."""
        table = Table.metadata.tables["journal"]
        wanted = select(table.c.kind, table.c.subject_id, table.c.body).where(
            table.c.chain == chain, table.c.kind.in_(sorted(kinds))
        )
        written = self._session.execute(wanted.order_by(table.c.seq)).tuples()
        added = (
            (line["kind"], line["subject_id"], line["body"])
            for line in self._unwritten
            if line["chain"] == chain and line["kind"] in kinds
        )
        return [*written, *added]

    def when_told(
        self, chain: str, kinds: Collection[str]
    ) -> list[tuple[datetime, dict[str, Any]]]:
        """What a chain tells by lines of some kinds that are written, in order, and when."""
        table = Table.metadata.tables["journal"]
        wanted = select(table.c.at, table.c.body).where(
            table.c.chain == chain, table.c.kind.in_(sorted(kinds))
        )
        return list(self._session.execute(wanted.order_by(table.c.seq)).tuples())

    def beginnings(self) -> dict[str, datetime]:
        """When the first line of each chain was written."""
        first = select(col(JournalEntry.chain), col(JournalEntry.at)).where(
            col(JournalEntry.seq) == 1
        )
        return dict(self._session.execute(first).tuples().all())

    def chains(self) -> list[JournalHead]:
        """Where each chain stands, by name."""
        self.write()
        return self._transaction.rows(select(JournalHead).order_by(col(JournalHead.chain)))

    def stream(self) -> Iterator[dict[str, Any]]:
        """All lines of all chains, by chain and number, a batch in memory at a time."""
        table = Table.metadata.tables["journal"]
        ordered = select(table).order_by(table.c.chain, table.c.seq)
        for line in self._session.execute(ordered, execution_options={"yield_per": 1000}):
            yield line._asdict()

    def head(self, chain: str) -> str | None:
        """The hash of a chain's last line that is written; None where it has none."""
        found = self._known.get(chain)
        if found is None:
            rows = execute(self._session.connection(), _HEAD, {"chain": chain})
            found = tuple(rows[0]) if rows else None
            if found is not None and self._transaction.alone:
                self._known[chain] = found
        return None if found is None else found[1]

    @property
    def told(self) -> frozenset[str]:
        """The chains to which lines were added."""
        return frozenset((*self._moved, *(line["chain"] for line in self._unwritten)))

    def moved(self, chain: str) -> tuple[str, str] | None:
        """The hashes of a chain's last lines before and after what is written; None if nothing is.

        The first is read under the lock: between the two nobody else wrote.
        """
        return self._moved.get(chain)

    def write(self) -> None:
        """Chains and writes what was added so far; holds the chains until the transaction ends."""
        if not self._unwritten:
            return
        lines, self._unwritten = self._unwritten, []
        heads = self._locked_heads(sorted({line["chain"] for line in lines}))
        before = {chain: head for chain, (_, head) in heads.items()}
        for line in lines:
            seq, previous = heads[line["chain"]]
            line |= {"seq": seq + 1, "previous_hash": previous}
            line["hash"] = line_hash(line)
            heads[line["chain"]] = (line["seq"], line["hash"])
        moved = [{"of": chain, "seq": seq, "hash": h} for chain, (seq, h) in heads.items()]
        connection = self._session.connection()
        insert_rows(connection, JournalEntry.__tablename__, lines)
        self._session.written.add(JournalEntry.__tablename__)
        execute(connection, _MOVE, *moved)
        self._known |= heads
        for chain, head in before.items():
            self._moved[chain] = self._moved.get(chain, (head,))[0], heads[chain][1]

    def _locked_heads(self, chains: list[str]) -> dict[str, Head]:
        """Position and hash of each chain. All writers lock in the same order: no deadlock."""
        if all(chain in self._known for chain in chains):
            return {chain: self._known[chain] for chain in chains}
        rows = self._session.execute(_LOCKED_HEADS, {"chains": chains})
        found = {chain: (seq, head) for chain, seq, head in rows}
        if len(found) == len(chains):
            return found
        new = [JournalHead(chain=chain, seq=0, hash=START) for chain in chains]
        self._transaction.insert_unless_there(new, "chain")
        return self._locked_heads(chains)
