"""Pages of a list: each goes on after the last item of the one before, whatever came meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import Field

from pmo_engine.model.shape import Shape
from pmo_engine.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")


class Page(Shape):
    """How much of a list is wanted; ``after`` is where the page before ended, by its ``next``."""

    limit: int | None = Field(default=None, ge=1)
    after: str | None = None

    @property
    def one_more(self) -> int | None:
        """How many rows to ask for, so that it is seen whether the list goes on."""
        return None if self.limit is None else self.limit + 1


ALL = Page()


class Listing(Shape, Generic[T]):
    """A page of a list; ``next`` is what the page after it comes ``after``, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


class UnknownPlace(StoreError):
    """A list does not have what it is to go on after."""

    def __init__(self, noun: str, name: str) -> None:
        super().__init__(f"no {noun}, or more than one, is called '{name}': give its whole id")


def listing(items: Iterable[T], page: Page, name: Callable[[T], str]) -> Listing[T]:
    """Make a page of items, of which there may be one more than it holds."""
    found = tuple(items)
    if page.limit is None or len(found) <= page.limit:
        return Listing(items=found)
    shown = found[: page.limit]
    return Listing(items=shown, next=name(shown[-1]))


def the_place(found: list[T], noun: str, name: str) -> T:
    """Give the only one that was found for a name; raises UnknownPlace."""
    if len(found) != 1:
        raise UnknownPlace(noun, name)
    return found[0]
