"""Opening a policy to work by it: from its artefact where one is ready, else bound and kept so.

What binding would need, the parser and the schemas, is imported only where something is bound.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pmo_engine.compiler.artefacts.store import Artefacts, user_artefacts
from pmo_engine.compiler.pack_folders import (
    PackError,
    PackFinder,
    find_pack,
    known_packs,
    own_packs,
)
from pmo_engine.compiler.policy_files import apart, bytes_below, joined, names_of
from pmo_engine.policy import RequireAssessment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.compiler.artefacts.store import Artefact
    from pmo_engine.policy import Policy


def open_policy(
    path: Path, packs: PackFinder = find_pack, artefacts: Artefacts | None = None
) -> Policy:
    """Open the policy of a folder, or of a single file; raises what ``load_policy`` does.

    Without ``artefacts`` those of the user's cache are looked through.
    """
    artefacts = artefacts or user_artefacts()
    ready = None if artefacts is None else _ready(path, packs, artefacts)
    if ready is not None:
        return ready
    from pmo_engine.compiler.loading import load_policy  # noqa: PLC0415 - slow to import, see above

    policy = load_policy(path, packs)
    if artefacts is not None:
        files = names_of(policy.contents, path, alone=path.is_file())
        artefacts.keep(policy, files, _from_plug_ins(policy))
    return policy


def open_kept(
    contents: Mapping[str, bytes], name: str, artefacts: Artefacts | None = None
) -> Policy:
    """Open a policy from ``Policy.contents`` of an earlier one; raises what ``load_kept`` does."""
    artefacts = artefacts or user_artefacts()
    files = names_of(contents, Path(name))
    found = None if artefacts is None else artefacts.find(apart(contents)[0])
    ready = None if found is None else _with_roles(found, contents, files)
    if ready is not None:
        return ready
    from pmo_engine.compiler.stored_files import load_kept  # noqa: PLC0415 - slow to import

    policy = load_kept(contents, name)
    if artefacts is not None:
        artefacts.keep(policy, files, _from_plug_ins(policy))
    return policy


def is_held_by(path: Path, contents: Mapping[str, bytes], packs: PackFinder = find_pack) -> bool:
    """Say whether a folder, with the packs that it finds, holds exactly these files."""
    own, used = apart(contents)
    try:
        return bytes_below(path) == own and _bytes_of_packs(used, path, packs) == used
    except (OSError, OverflowError, PackError):
        return False


def _ready(path: Path, packs: PackFinder, artefacts: Artefacts) -> Policy | None:
    try:
        own = bytes_below(path)
        found = artefacts.find(own)
        used = {} if found is None else _bytes_of_packs(found.head.packs, path, packs)
    except (OSError, OverflowError, PackError):
        return None  # whoever binds it says what is wrong
    contents = joined(own, used)
    files = names_of(contents, path, alone=path.is_file())
    return None if found is None else _with_roles(found, contents, files)


def _bytes_of_packs(
    names: Iterable[str], path: Path, packs: PackFinder
) -> dict[str, dict[str, bytes]]:
    places = {name: packs(name, path) for name in names}
    return {name: bytes_below(place) for name, place in places.items() if place is not None}


def _with_roles(
    found: Artefact, contents: Mapping[str, bytes], files: Mapping[str, str]
) -> Policy | None:
    """Put a policy together unless a plug-in has gone that it relies on."""
    if found.head.roles and not set(found.head.roles) <= set(known_packs()):
        return None
    return found.policy(contents, files)


def _from_plug_ins(policy: Policy) -> tuple[str, ...]:
    """Name the functional roles that a policy asks and the engine has not of its own."""
    asked = {role for gate in policy.gates.values() for role in gate.assessments}
    for rule in policy.rules:
        asked |= {each.role for each in rule.then if isinstance(each, RequireAssessment)}
    return tuple(sorted(asked - own_packs()))
