"""Finding functional roles: all come through one entry-point group, and a failure stays its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from pmo_engine.compiler.pack_folders import ENTRY_POINTS, entry_points
from pmo_engine.model.frozen import dataclass
from pmo_engine.roles.base import Assessment, FunctionalRole, Review

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

OWN = "pmo-engine"


@dataclass(frozen=True, slots=True)
class PlugInFailure:
    """A plug-in that gives no role: its name, the distribution that carries it, and why."""

    name: str
    distribution: str
    reason: str

    def __str__(self) -> str:
        """Print as one line."""
        return f"plug-in '{self.name}' of {self.distribution}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The roles by id, and the plug-ins that failed."""

    roles: Mapping[str, FunctionalRole]
    failures: tuple[PlugInFailure, ...]


@cache
def load() -> Loaded:
    """Load every registered role, once in a process; our own come first."""
    return load_from(entry_points(group=ENTRY_POINTS))


def load_from(entries: Iterable[EntryPoint]) -> Loaded:
    """Load roles from entry points; of two with one id the later by distribution has failed."""
    found: dict[str, FunctionalRole] = {}
    failures: list[PlugInFailure] = []
    for entry in sorted(entries, key=_order):
        try:
            made = _made(entry)
            if made.id in found:
                _refuse(f"another plug-in has the id '{made.id}' already")
            found[made.id] = made
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plug-in raises
            failures.append(PlugInFailure(entry.name, _distribution(entry), _said(error)))
    return Loaded(MappingProxyType(dict(sorted(found.items()))), tuple(failures))


class Roles(Mapping[str, FunctionalRole]):
    """The roles that could be loaded, by id; none is until somebody looks."""

    def __getitem__(self, name: str) -> FunctionalRole:
        return load().roles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(load().roles)

    def __len__(self) -> int:
        return len(load().roles)


def roles() -> Mapping[str, FunctionalRole]:
    """Give the roles that could be loaded, by id; loaded when somebody looks."""
    return Roles()


def role(name: str) -> FunctionalRole:
    """Give one role; LookupError says why there is none."""
    loaded = load()
    if name in loaded.roles:
        return loaded.roles[name]
    for failure in loaded.failures:
        if failure.name == name:
            raise LookupError(str(failure))
    raise LookupError(f"no functional role '{name}'; there are {', '.join(loaded.roles)}")


def assess(functional: FunctionalRole, review: Review) -> Assessment:
    """Let a role assess a review; one that raises cannot tell, and is named with its reason."""
    try:
        found = functional.assess(review)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plug-in raises
        return _failed(functional, _said(error))
    if not isinstance(found, Assessment):
        return _failed(functional, f"gave {type(found).__name__}, not an Assessment")
    if found.result == "cannot_tell" and not found.missing:
        return found  # what cannot all be so makes no figures
    return found.model_copy(update={"figures": {**review.shown(), **found.figures}})


def _failed(functional: FunctionalRole, reason: str) -> Assessment:
    return Assessment.cannot_tell((), f"the functional role '{functional.id}' failed: {reason}")


def _order(entry: EntryPoint) -> tuple[bool, str, str, str]:
    distribution = _distribution(entry)
    return distribution != OWN, distribution, entry.name, entry.value


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else "an unnamed distribution"


def _made(entry: EntryPoint) -> FunctionalRole:
    made = entry.load()()
    if not isinstance(made, FunctionalRole):
        _refuse(f"{entry.value} is no FunctionalRole")
    if made.id != entry.name:
        _refuse(f"it is registered as '{entry.name}' and calls itself '{made.id}'")
    if not getattr(made, "title", ""):
        _refuse(f"{entry.value} has no title, as gate packs and reports name it")
    if not made.pack.is_dir():
        _refuse(f"its pack {made.pack} is no folder")
    return made  # type: ignore[no-any-return]


def _refuse(reason: str) -> None:
    raise LookupError(reason)


def _said(error: BaseException) -> str:
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
