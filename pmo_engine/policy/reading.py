"""A folder of policy files, read and checked against the schema of each document's kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from pmo_engine.policy.diagnostics import Diagnostic, Mark, at, nearest
from pmo_engine.policy.schema import Kinds, Located
from pmo_engine.policy.source import Document, Mapping, SourceError, mark_of, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic_core import ErrorDetails

Kind = TypeVar("Kind", bound=Located)
SUFFIXES = {".yaml", ".yml"}
MAX_FILES = 2_000
ALIASES = {"from_": "from", "for_": "for", "with_": "with"}


@dataclass(slots=True)
class Reading:
    """What was read: documents in the order of files, findings, and each file's bytes."""

    documents: list[Located] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)

    def of(self, kind: type[Kind]) -> Iterator[Kind]:
        """Go through the documents of one kind."""
        return (found for found in self.documents if isinstance(found, kind))

    def digest(self) -> str:
        """Give the SHA-256 of all files, by name and content."""
        total = hashlib.sha256()
        for name in sorted(self.contents):
            total.update(f"{name}\0{len(self.contents[name])}\0".encode())
            total.update(self.contents[name])
        return total.hexdigest()

    def merge(self, other: Reading) -> None:
        """Take over what another folder holds."""
        self.documents += other.documents
        self.diagnostics += other.diagnostics
        self.contents |= other.contents


def read_folder(path: Path, prefix: str | None = None) -> Reading:
    """Read a folder (or one file) of policy files.

    Files are called as the caller would: below ``path``, or with ``prefix`` in its place.
    """
    reading = Reading()
    files = sorted(_files(path))
    if len(files) > MAX_FILES:
        mark = Mark(str(path), 1, 1)
        reading.diagnostics.append(at(mark, "PMO005", f"more than {MAX_FILES} policy files"))
        return reading
    for file in files:
        inside = file.name if file == path else file.relative_to(path).as_posix()
        name = str(file) if prefix is None else f"{prefix}/{inside}"
        _read_one(file, name, inside if prefix is None else name, reading)
    return reading


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [
        file
        for file in path.rglob("*")
        if file.suffix in SUFFIXES and file.is_file() and not _hidden(file, path)
    ]


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def _read_one(file: Path, name: str, inside: str, reading: Reading) -> None:
    try:
        documents, reading.contents[inside] = read_file(file, name)
    except SourceError as error:
        reading.diagnostics.append(error.diagnostic)
        return
    for document in documents:
        found = validate(document)
        if isinstance(found, Located):
            reading.documents.append(found)
        else:
            reading.diagnostics += found


def validate(document: Document) -> Located | list[Diagnostic]:
    """Check a document against the schema of its kind."""
    content = document.content
    if not isinstance(content, Mapping) or "kind" not in content:
        hint = f"begin it with 'kind:' and one of {', '.join(Kinds.models)}"
        return [at(document.mark, "PMO006", "this document does not say its kind", hint)]
    kind = content["kind"]
    model = Kinds.models.get(kind) if isinstance(kind, str) else None
    if model is None:
        hint = nearest(str(kind), Kinds.models) or f"kinds are {', '.join(Kinds.models)}"
        return [at(mark_of(kind, document.mark), "PMO006", f"unknown kind '{kind}'", hint)]
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = [_translate(content, item, model) for item in error.errors(include_url=False)]
        return list({(item.line, item.column): item for item in reversed(found)}.values())


def _translate(content: Mapping, error: ErrorDetails, model: type[Located]) -> Diagnostic:
    path = error["loc"]
    last = ALIASES.get(str(path[-1]), str(path[-1])) if path else ""
    mark = _place(content, path)
    match error["type"]:
        case "extra_forbidden":
            known = _keys(model, path[:-1])
            hint = nearest(last, known) or f"known here: {', '.join(known)}"
            return at(_place(content, path, of_key=True), "PMO011", f"unknown key '{last}'", hint)
        case "missing":
            return at(_place(content, path[:-1]), "PMO012", f"missing key '{last}'", "add it")
        case "literal_error":
            expected = error.get("ctx", {}).get("expected", "")
            return at(mark, "PMO013", f"{_shown(error['input'])} is not {expected}")
        case "value_error":
            message = error["msg"].removeprefix("Value error, ")
            return at(mark, "PMO013", f"{message}, not {_shown(error['input'])}")
        case _:
            message = f"{_shown(error['input'])}: {error['msg'][:1].lower()}{error['msg'][1:]}"
            return at(mark, "PMO013", message)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value[:60]}'"
    return "a list" if isinstance(value, list) else "a mapping"


def _place(content: Mapping, path: tuple[int | str, ...], *, of_key: bool = False) -> Mark:
    """Find the place of what a path names, or of its key; unions' own steps are passed over."""
    value: Any = content
    mark = content.mark
    for step in path:
        key = ALIASES.get(step, step) if isinstance(step, str) else step
        if isinstance(value, Mapping) and key in value:
            mark = value.keys_at[str(key)] if of_key else mark_of(value[str(key)], mark)
            value = value[str(key)]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
            mark = mark_of(value, mark)
    return mark


def _keys(model: type[Located], path: tuple[int | str, ...]) -> list[str]:
    """Name the keys that the schema knows at a path."""
    current: type[Located] | None = model
    for step in path:
        if isinstance(step, str) and current is not None:
            current = _child(current, step)
    if current is None:
        return []
    return sorted(info.alias or name for name, info in current.model_fields.items())


def _child(model: type[Located], step: str) -> type[Located] | None:
    for name, info in model.model_fields.items():
        if step in {name, info.alias}:
            return _model_in(info.annotation)
    return model


def _model_in(annotation: Any) -> type[Located] | None:
    if isinstance(annotation, type) and issubclass(annotation, Located):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
