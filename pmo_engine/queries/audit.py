"""The journal: checked for changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import computed_field

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.shape import Shape
from pmo_engine.store.journal import START, UnknownForm, line_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pmo_engine.store.database import Database
    from pmo_engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A place where a chain is not what was written. For a head ``seq`` is the head's own."""

    chain: str
    seq: int
    wrong: str


class Audit(Shape):
    """What a check of the journal found; no breaks means that it is intact."""

    lines: int
    chains: int
    breaks: tuple[Break, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def intact(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.breaks


def verify(database: Database) -> Audit:
    """Recompute every chain of the journal."""
    with database.read() as uow:
        return audit(uow)


def audit(uow: UnitOfWork) -> Audit:
    """Recompute every chain as it stands in a transaction."""
    heads = uow.journal.chains()
    lines = sum(head.seq for head in heads)
    return Audit(lines=lines, chains=len(heads), breaks=tuple(breaks_in(uow)))


def breaks_in(uow: UnitOfWork) -> list[Break]:
    """Recompute every chain, a batch of lines at a time; give where one is broken, in order."""
    return sorted(_breaks(uow))


def _breaks(uow: UnitOfWork) -> Iterator[Break]:
    heads = {head.chain: (head.seq, head.hash) for head in uow.journal.chains()}
    ends: dict[str, tuple[int, str]] = {}
    for line in uow.journal.stream():
        seq, previous = ends.get(line["chain"], (0, START))
        ends[line["chain"]] = (line["seq"], line["hash"])
        for wrong in _faults(line, seq, previous):
            yield Break(line["chain"], line["seq"], wrong)
    for chain in heads.keys() | ends.keys():
        head, end = heads.get(chain), ends.get(chain, (0, START))
        if head is None:
            yield Break(chain, end[0], "the chain has no head")
        elif head != end:
            yield Break(chain, head[0], f"the head does not match the last line, which is {end[0]}")


def _faults(line: Mapping[str, Any], seq: int, previous: str) -> Iterator[str]:
    if line["seq"] != seq + 1:
        yield f"follows line {seq}: lines are missing"
    elif line["previous_hash"] != previous:
        yield "does not follow from the line before it"
    try:
        if line["hash"] != line_hash(line):
            yield "was altered: its hash is not that of its content"
    except UnknownForm as error:
        yield f"cannot be checked: {error}"
