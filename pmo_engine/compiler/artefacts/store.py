"""Artefacts in the user's cache: found by a policy's own files, believed only if all fits."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from pmo_engine.compiler.artefacts.private_folder import PrivateFolder, user_cache
from pmo_engine.compiler.artefacts.program import program
from pmo_engine.compiler.artefacts.tree import Unknown, groups_of, policy_of
from pmo_engine.compiler.policy_files import apart, digest_of
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.policy import Policy

FORM = 1  # of the head; what the groups look like follows from the program
MOST = 64
MOST_BYTES = 64 * 1024 * 1024


class Seals(Protocol):
    """Where the digests of artefacts are kept that were made here, out of reach of their folder."""

    def get(self, policy: str, program: str) -> str | None:
        """Give the SHA-256 of the artefact of a policy's digest; ``None`` where none was made."""

    def keep(self, policy: str, program: str, artefact: str) -> None:
        """Keep the SHA-256 of an artefact, in place of an earlier one."""


@dataclass(frozen=True, slots=True)
class Head:
    """What an artefact says of itself: which policy it is, and what else that hangs on."""

    form: int
    program: str
    policy: str  # the digest of its contents
    packs: tuple[str, ...]  # that it uses
    roles: tuple[str, ...]  # functional roles that it asks and that plug-ins bring


@dataclass(frozen=True, slots=True)
class Artefact:
    """A tree that waits to be put together."""

    head: Head
    digest: str
    _groups: bytes

    def policy(self, contents: Mapping[str, bytes], files: Mapping[str, str]) -> Policy | None:
        """Put the policy together if these are its files, by the names that marks call them."""
        if digest_of(contents) != self.head.policy:
            return None
        try:
            found = policy_of(json.loads(self._groups), contents, files)
        except Exception:  # noqa: BLE001 - however it came to be, it is made again
            return None
        return found if found.digest == self.head.policy else None


class Artefacts:
    """The artefacts of one program in one folder, with ``seals`` only those that they know."""

    def __init__(self, folder: PrivateFolder, seals: Seals | None = None) -> None:
        self._folder = folder
        self._seals = seals

    def find(self, own: Mapping[str, bytes]) -> Artefact | None:
        """Find the artefact of a policy by its own files, those of packs apart."""
        data = self._folder.read(_name(own))
        found = None if data is None else _read(data)
        return found if found is not None and self._is_sealed(found) else None

    def keep(self, policy: Policy, files: Mapping[str, str], roles: tuple[str, ...]) -> None:
        """Keep a policy; nothing is kept of one that holds what no artefact can.

        ``files`` says what marks call its files, ``roles`` which of those it asks are plug-ins'.
        """
        if len({*files.values()}) < len(files):
            return  # a place would not say in which file it is
        own, packs = apart(policy.contents)
        head = Head(FORM, program(), policy.digest, tuple(packs), roles)
        with suppress(Unknown):
            data = _written(head, groups_of(policy, files))
            self._folder.write(_name(own), data)
            if self._seals is not None:
                self._seals.keep(policy.digest, head.program, _digest_in(data))

    def _is_sealed(self, found: Artefact) -> bool:
        head = found.head
        return self._seals is None or self._seals.get(head.policy, head.program) == found.digest


def user_artefacts(seals: Seals | None = None) -> Artefacts | None:
    """Give those in the user's own cache; ``None`` where no user has a home."""
    try:
        place = user_cache() / "pmo-engine"
    except RuntimeError:
        return None
    return Artefacts(PrivateFolder(place, MOST, MOST_BYTES), seals)


def _name(own: Mapping[str, bytes]) -> str:
    return f"{digest_of(own)[:32]}-{program()[:16]}.tree"


def _written(head: Head, groups: list[Any]) -> bytes:
    """Write an artefact: the digest of all that follows, its head, its groups; a line each."""
    said = [head.form, head.program, head.policy, head.packs, head.roles]
    body = b"\n".join(json.dumps(each, separators=(",", ":")).encode() for each in (said, groups))
    return b"\n".join((sha256(body).hexdigest().encode(), body))


def _digest_in(data: bytes) -> str:
    return data.partition(b"\n")[0].decode()


def _read(data: bytes) -> Artefact | None:
    digest, _, body = data.partition(b"\n")
    if sha256(body).hexdigest().encode() != digest:
        return None
    said, _, groups = body.partition(b"\n")
    head = _head(said)
    fits = head is not None and (head.form, head.program) == (FORM, program())
    return Artefact(head, digest.decode(), groups) if head is not None and fits else None


def _head(said: bytes) -> Head | None:
    try:
        form, by, policy, packs, roles = json.loads(said)
        return Head(form, by, policy, tuple(packs), tuple(roles))
    except (ValueError, TypeError, RecursionError):
        return None
