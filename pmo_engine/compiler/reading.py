"""A folder of policy files, read and checked against the schema of each document's kind."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from pmo_engine.compiler.kinds import MODELS
from pmo_engine.compiler.policy_files import IN_PACK, MAX_FILES, MAX_TOTAL, files_below, inside
from pmo_engine.compiler.schema import Located
from pmo_engine.compiler.schema_errors import keys_at, prune, translate
from pmo_engine.model.frozen import dataclass
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Diagnostic, Edit, Mark, at, closest, nearest
from pmo_engine.source.yaml_source import (
    MAX_VALUES,
    Document,
    Mapping,
    SourceError,
    compose_bytes,
    mark_of,
    read_file,
    rewritings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Kind = TypeVar("Kind", bound=Located)
MOST_TOLD = 1_000  # findings of one document; whoever reads them all has a machine to do it
ATTEMPTS = 4  # rounds of leaving out what is wrong, to go on with the rest


@dataclass(frozen=True, slots=True)
class Part:
    """What one file holds, ``size`` values; no content where it cannot be composed."""

    documents: tuple[Located, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    content: bytes | None = None
    size: int = 0


@dataclass(slots=True)
class Reading:
    """What was read: documents in the order of files, findings, and each file's bytes."""

    documents: list[Located] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """Go through the documents of one kind."""
        return (found for found in self.documents if isinstance(found, kind))

    def add(self, name: str, part: Part) -> None:
        """Take in what a file holds."""
        self.documents += part.documents
        self.diagnostics += part.diagnostics
        if part.content is not None:
            self.contents[name] = part.content

    def merge(self, other: Reading) -> None:
        """Take over what another folder holds."""
        self.documents += other.documents
        self.diagnostics += other.diagnostics
        self.contents |= other.contents


class Files:
    """Where policy files are read from: the disk."""

    def below(self, path: Path) -> list[Path]:
        """List the policy files of a folder, or the one file."""
        return files_below(path)

    def read(self, file: Path, name: str) -> Part:
        """Read a file and check its documents, each as far as its schema allows."""
        try:
            return part_of(*read_file(file, name))
        except SourceError as error:
            return Part(diagnostics=(error.diagnostic,))


DISK = Files()


def read_folder(path: Path, prefix: str | None = None, files: Files = DISK) -> Reading:
    """Read a folder (or one file) of policy files.

    Files are called as the caller would: below ``path``, or with ``prefix`` in its place.
    """
    reading = Reading()
    found = sorted(files.below(path))
    if len(found) > MAX_FILES:
        mark = Mark(str(path), 1, 1)
        reading.diagnostics.append(at(mark, codes.TOO_LARGE, f"more than {MAX_FILES} policy files"))
        return reading
    bytes_left, values_left = MAX_TOTAL, MAX_VALUES
    for file in found:
        kept = inside(file, path)
        name = str(file) if prefix is None else f"{prefix}/{kept}"
        part = files.read(file, name)
        if IN_PACK in kept:
            reading.diagnostics.append(_like_a_pack(name))
        reading.add(kept if prefix is None else f"{prefix}{IN_PACK}{kept}", part)
        bytes_left -= len(part.content or b"")
        values_left -= part.size
        if bytes_left < 0 or values_left < 0:
            mib = MAX_TOTAL // 1024 // 1024
            many = f"{mib} MiB" if bytes_left < 0 else f"{MAX_VALUES:,} values"
            limit = f"the policy's files up to this one hold more than {many}"
            reading.diagnostics.append(at(Mark(name, 1, 1), codes.TOO_LARGE, limit))
            break
    return reading


def _like_a_pack(name: str) -> Diagnostic:
    """Refuse a file that would be taken for one of a pack when its policy is read again."""
    message = f"a policy file has no '{IN_PACK}' in its name"
    return at(Mark(name, 1, 1), codes.CONFUSABLE_NAME, message, "rename the file")


def read_text(text: str, name: str) -> Reading:
    """Read policy documents from a text; ``name`` is what marks call it."""
    return read_data(text.encode(), name)


def read_data(data: bytes, name: str) -> Reading:
    """Read policy documents from bytes; ``name`` is what marks call them."""
    reading = Reading()
    reading.add(name, examined(data, name))
    return reading


def examined(data: bytes, name: str) -> Part:
    """Compose a file's bytes and check its documents."""
    try:
        return part_of(*compose_bytes(data, name))
    except SourceError as error:
        return Part(diagnostics=(error.diagnostic,))


def part_of(documents: Iterable[Document], content: bytes) -> Part:
    """Check a file's documents, each as far as its schema allows."""
    documents = list(documents)
    examined = [examine(document) for document in documents]
    return Part(
        documents=tuple(found for found, _ in examined if found is not None),
        diagnostics=tuple(problem for _, problems in examined for problem in problems),
        content=content,
        size=sum(document.size for document in documents),
    )


def examine(document: Document) -> tuple[Located | None, list[Diagnostic]]:
    """Check a document against the schema of its kind: what can be used of it, what is wrong."""
    problems = list(document.problems)
    content = document.content
    model = _model(document, problems)
    if model is None or not isinstance(content, Mapping):
        return None, problems
    for attempt in range(ATTEMPTS):
        try:
            return model.model_validate(content), problems
        except ValidationError as error:
            errors = error.errors(include_url=False)
            if not attempt:
                problems += translate(document, errors[:MOST_TOLD], model)
            if len(errors) > MOST_TOLD:
                problems.append(
                    at(document.mark, codes.TOO_LARGE, "more is wrong here than is told")
                )
                break
            prune(content, errors)
    return None, problems


def _model(document: Document, problems: list[Diagnostic]) -> type[Located] | None:
    content = document.content
    if not isinstance(content, Mapping) or "kind" not in content:
        hint, fixes = _kind_missing(document)
        message = "this document does not say its kind"
        problems.append(at(document.mark, codes.NO_SUCH_KIND, message, hint, fixes=fixes))
        return None
    kind = content["kind"]
    model = MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        name = kind if isinstance(kind, str) else ""
        hint = nearest(name, MODELS) or f"kinds are {', '.join(MODELS)}"
        message = f"unknown kind '{name[:60]}'" if name else "'kind:' is followed by one word"
        mark, near = mark_of(kind, document.mark), rewritings(kind, closest(name, MODELS))
        problems.append(at(mark, codes.NO_SUCH_KIND, message, hint, fixes=near))
    return model


def _kind_missing(document: Document) -> tuple[str, list[Edit]]:
    """Suggest the kind that has most of a document's keys."""
    content = document.content
    keys = set(content) if isinstance(content, Mapping) else set()
    shared = {name: len(keys & set(keys_at(kind, ()))) for name, kind in MODELS.items()}
    best = max(shared, key=lambda name: shared[name])
    if shared[best]:
        fix = Edit(document.mark, document.mark, f"kind: {best}\n")
        return f"begin it with 'kind: {best}'", [fix]
    return f"begin it with 'kind:' and one of {', '.join(MODELS)}", []
