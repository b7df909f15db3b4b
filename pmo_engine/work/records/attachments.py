"""Files that belong to a record: by where they lie and by their digest, and looked at again later.

The files stay where they are. What is kept is a line of the journal, which nobody changes unseen:
a file that says something else by now, or is gone, is told by whoever looks.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias

from pmo_engine.model.identifiers import shown
from pmo_engine.model.shape import Shape
from pmo_engine.queries.journal import Which, lines
from pmo_engine.work.acts import ATTACH
from pmo_engine.work.command import Command, Order, carry_out
from pmo_engine.work.errors import CommandError
from pmo_engine.work.records.naming import OfEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pmo_engine.store import tables
    from pmo_engine.work.governance import Context, Governance

KIND = "attached"
PART = 1 << 20
State: TypeAlias = Literal["as it was", "changed", "missing"]


class Attached(Shape):
    """A file of a record: its name, where it lies, and what it was when it was attached.

    ``digest`` is its SHA-256; ``reference`` counts from the folder that the commands are run in.
    """

    key: str
    name: str
    reference: str
    digest: str
    size: int
    by: str
    at: str


class Looked(Attached):
    """A file of a record, and what became of it since."""

    state: State


def attach(  # noqa: PLR0913 - which record, which file, and what it is called
    governance: Governance,
    *,
    project: str,
    register: str,
    key: str,
    file: Path,
    home: Path,
    by: str,
    name: str | None = None,
    request: str | None = None,
) -> Attached:
    """Attach a file to a record; one of the same name takes the place of the one before.

    ``home`` is the folder that references count from. Raises CommandError for what cannot be read.
    """
    digest, size = _digest(file)
    whole = file.resolve()
    inside = whole.is_relative_to(home.resolve())
    reference = whole.relative_to(home.resolve()) if inside else whole
    told: dict[str, str | int] = {"name": name or file.name, "reference": reference.as_posix()}
    told |= {"digest": digest, "size": size}
    order = Order(by, ATTACH, OfEntry(governance, project, register, key), Attached, request)
    return carry_out(governance, order, partial(_attach, told=told))


def _attach(c: Command, *, told: Mapping[str, str | int]) -> Attached:
    entry: tables.Entry = c.on.row
    if problem := _problem(str(told["name"])):
        raise CommandError(problem)
    c.journal(KIND, {"key": entry.key, **told}, entry.project, entry.id)
    return Attached.model_validate(
        {"key": entry.key, "by": c.actor, "at": c.now.isoformat(), **told}
    )


def _problem(name: str) -> str | None:
    if not name.strip() or not name.isprintable():
        return f"'{shown(name)}' is no name of a file that people could read"
    return None


def attachments(c: Context, entry: tables.Entry) -> list[Attached]:
    """List the files of a record, of those of one name the last."""
    found: dict[str, Attached] = {}
    for line in lines(c.uow, Which(subject=entry.id, kind=KIND)).items:
        body = {name: line.body[name] for name in ("key", "name", "reference", "digest", "size")}
        found[body["name"]] = Attached.model_validate({**body, "by": line.actor, "at": line.at})
    return list(found.values())


def looked_at(each: Attached, home: Path) -> Looked:
    """Look at a file again, and say whether it is what it was."""
    return Looked(**each.model_dump(), state=_state(each, home))


def _state(each: Attached, home: Path) -> State:
    try:
        digest, _ = _digest(home / each.reference)
    except CommandError:
        return "missing"
    return "as it was" if digest == each.digest else "changed"


def _digest(file: Path) -> tuple[str, int]:
    """Give the SHA-256 of a file and its size; raises CommandError."""
    if not file.is_file():
        raise CommandError(f"{file} is no file that can be attached")
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("rb") as source:
            while part := source.read(PART):
                digest.update(part)
                size += len(part)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    return digest.hexdigest(), size
