"""People and appointments as a table or YAML files say them, each with the place where it stands.

A table has the columns ``person``, ``name``, ``address``, ``zone``, ``role``, ``project``,
``office``, ``programme``, ``since``, ``until`` and ``acting``; somebody with several roles has
several rows. In YAML they stand under ``people``, each with ``id``, and ``roles`` as names or with
``project``, ``office`` or ``programme``, ``since``, ``until``, ``acting``; ``projects`` are those
of every role without a place, and ``since`` beside ``people`` is the first day of those that give
none.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Any

from pmo_engine.exchange.sheets import SUFFIXES, read_table
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import problem
from pmo_engine.model.moments import day_written
from pmo_engine.source.diagnostics import Mark, nearest
from pmo_engine.source.yaml_source import Mapping, SourceError, mark_of, read_file
from pmo_engine.work.errors import CommandError
from pmo_engine.work.people.posts import unit_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS = (
    *("person", "name", "address", "zone", "role", "project", "office", "programme"),
    *("since", "until", "acting"),
)
OF_A_PERSON = ("id", "name", "address", "zone", "roles", "projects")
OF_A_ROLE = ("role", "project", "office", "programme", "since", "until", "acting")
PLACES = ("project", "office", "programme")
YAML = (".yaml", ".yml")
YES, NO = {"yes", "true", "x", "1"}, {"", "no", "false", "0"}


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says of somebody; an empty text is nothing said. ``role`` empty: none given."""

    place: str
    person: str
    name: str = ""
    address: str | None = None
    role: str = ""
    project: str | None = None
    since: date | None = None
    until: date | None = None
    acting: bool = False
    zone: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be imported."""

    place: str
    message: str

    def __str__(self) -> str:
        """Give the line of the report."""
        return f"{self.place}: {self.message}"


@dataclass(slots=True)
class Read:
    """What was read, and what is wrong with it."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, place: str, said: dict[str, str]) -> None:
        """Add a row of texts by column, or say what is wrong with it."""
        wrong = [f"{name}: {why}" for name, why in _wrong(said)]
        self.problems += [Problem(place, each) for each in wrong]
        if not wrong:
            self.rows.append(_row(place, said))


def _wrong(said: dict[str, str]) -> Iterator[tuple[str, str]]:
    if why := problem(said.get("person", "")):
        yield "person", why
    for name in ("since", "until"):
        text = said.get(name, "")
        if text and day_of(text) is None:
            yield name, f"'{text}' is not a day, as in 2026-03-31"
    if said.get("acting", "").casefold() not in YES | NO:
        yield "acting", f"'{said['acting']}' is neither yes nor no"
    places = [name for name in PLACES if said.get(name)]
    if len(places) > 1:
        yield places[1], f"is given beside {places[0]}, and a role is held in one place"
    since, until = day_of(said.get("since", "")), day_of(said.get("until", ""))
    if since is not None and until is not None and until < since:
        yield "until", f"{until} is before {since}"
    given = [name for name in (*PLACES, "since", "until", "acting") if said.get(name)]
    if given and not said.get("role"):
        yield "role", f"is not given, and {given[0]} goes with a role"


def _row(place: str, said: dict[str, str]) -> Row:
    return Row(
        place=place,
        person=said["person"],
        name=said.get("name", ""),
        address=said.get("address") or None,
        role=said.get("role", ""),
        project=said.get("project") or None,
        since=day_of(said.get("since", "")),
        until=day_of(said.get("until", "")),
        acting=said.get("acting", "").casefold() in YES,
        zone=said.get("zone") or None,
        unit=unit_named(said.get("office") or None, said.get("programme") or None, None),
    )


def day_of(text: str) -> date | None:
    """Read a day; None where it is none."""
    try:
        return day_written(text[:10] if text.endswith(" 00:00:00") else text)
    except ValueError:
        return None


def read_people(path: Path) -> Read:
    """Read a table, a YAML file or every YAML file of a folder; raises CommandError, HistoryError.

    Nothing of it may be stored where there are problems.
    """
    found = Read()
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.suffix in YAML)
        if not files:
            raise CommandError(f"{path}: no file in it ends in {' or '.join(YAML)}")
        for each in files:
            _read_yaml(found, each, f"{path.name}/{each.name}")
    elif path.suffix in YAML:
        _read_yaml(found, path, path.name)
    elif path.name.lower().endswith(SUFFIXES):
        _read_table(found, path)
    else:
        raise CommandError(f"{path}: neither a table ({', '.join(SUFFIXES)}) nor YAML")
    return found


def _read_table(found: Read, path: Path) -> None:
    for line, fields in read_table(path):
        texts = {name.strip().casefold(): value.strip() for name, value in fields.items()}
        require_known(texts, COLUMNS, f"{path.name}: the column")
        if "person" not in texts:
            raise CommandError(f"{path.name}: there is no column 'person'")
        found.add(f"{path.name}:{line}", texts)


def _read_yaml(found: Read, path: Path, name: str) -> None:
    try:
        documents, _ = read_file(path, name)
    except SourceError as error:
        raise CommandError(str(error.diagnostic)) from None
    for document in documents:
        body = document.content
        if not isinstance(body, Mapping) or not isinstance(body.get("people"), list):
            raise CommandError(f"{name}: people stand in a list under 'people'")
        require_known(body, ("people", "since"), f"{name}: the key")
        for each in body["people"]:
            place = _place(each, name)
            for said in _person(found, place, each, str(body.get("since") or "")):
                found.add(place, said)


def _place(value: Any, name: str) -> str:
    return f"{name}:{mark_of(value, Mark(name, 1, 1)).line}"


def _person(found: Read, place: str, entry: Any, since: str) -> Iterator[dict[str, str]]:
    """Give a row for each role of a person in each project, or one for a person without roles."""
    if not isinstance(entry, Mapping):
        found.problems.append(Problem(place, "is not somebody: {id: ana, name: Ana Costa}"))
        return
    require_known(entry, OF_A_PERSON, f"{place}: the key")
    own = {name: _text(entry.get(name)) for name in ("name", "address", "zone")}
    own["person"] = _text(entry.get("id"))
    projects = [_text(each) for each in _list(entry.get("projects"))] or [""]
    roles = _list(entry.get("roles"))
    for role in roles:
        said = _role(place, role)
        placed = any(said.get(name) for name in PLACES)
        for project in [said.get("project", "")] if placed else projects:
            yield {**own, "since": since, **said, "project": project}
    if not roles:
        yield own


def _role(place: str, entry: Any) -> dict[str, str]:
    if not isinstance(entry, Mapping):
        return {"role": _text(entry)}
    require_known(entry, OF_A_ROLE, f"{place}: the key")
    return {name: _text(value) for name, value in entry.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def require_known(
    given: Iterable[str], known: tuple[str, ...], what: str, of: str = "people"
) -> None:
    """Raise CommandError, with the nearest, for a name that is none of those known."""
    for name in given:
        if name not in known:
            hint = nearest(name, known) or f"there are {', '.join(known)}"
            raise CommandError(f"{what} '{name}' says nothing of {of} ({hint})")
