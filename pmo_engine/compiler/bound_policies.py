"""Bound policies by digest, kept in memory by a process that lives long."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 16
"""How many are kept: the version in force, the ones before it that work is still under."""


class Digested(Protocol):
    """A policy, or what was made of one."""

    @property
    def digest(self) -> str: ...


T = TypeVar("T", bound=Digested)


class BoundPolicies(Generic[T]):
    """The policies used last, at most ``most`` of them, shared by all threads of a process.

    A digest says all of a policy, so what is kept never grows old: whoever asks finds out first
    which digest binds now.
    """

    def __init__(self, most: int = MOST) -> None:
        if most < 1:
            raise ValueError(f"at least one policy is kept, not {most}")
        self._most = most
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._turns: WeakValueDictionary[str, Lock] = WeakValueDictionary()
        self._lock = Lock()

    def get(self, digest: str, load: Callable[[], T]) -> T:
        """Give the policy of a digest, by ``load`` where it is not kept.

        Threads that ask for one digest at once wait for one loading. What ``load`` raises is passed
        on, and the next one who asks loads again. Raises ValueError if another policy was loaded.
        """
        with self._lock:
            found = self._used(digest)
            turn = self._turns.setdefault(digest, Lock())
        return found or self._loaded(digest, load, turn)

    def __iter__(self) -> Iterator[T]:
        with self._lock:
            return iter(list(self._kept.values()))

    def __len__(self) -> int:
        with self._lock:
            return len(self._kept)

    def __contains__(self, digest: str) -> bool:
        """Say whether a policy is kept; that is no use of it."""
        with self._lock:
            return digest in self._kept

    def _used(self, digest: str) -> T | None:
        found = self._kept.get(digest)
        if found is not None:
            self._kept.move_to_end(digest)
        return found

    def _loaded(self, digest: str, load: Callable[[], T], turn: Lock) -> T:
        with turn:
            with self._lock:
                found = self._used(digest)  # by whoever had the turn before
            return found or self._keep(digest, load())

    def _keep(self, digest: str, policy: T) -> T:
        if policy.digest != digest:
            raise ValueError(f"policy {digest[:12]} was asked for, {policy.digest[:12]} was loaded")
        with self._lock:
            self._kept[digest] = policy
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return policy
