"""What a kind of policy document is: everything that the phases of the compiler do with one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, get_args

from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from pmo_engine.compiler.checks.check import Check
    from pmo_engine.compiler.kinds.unkept import Told
    from pmo_engine.compiler.names import Index
    from pmo_engine.compiler.schema.located import Located


@dataclass(frozen=True, slots=True)
class Part:
    """What is bound of documents: values by name, from the context and the parts that it needs.

    ``bind`` takes the context and what it ``needs``, in that order, and gives one value, or as many
    as there are names in ``gives``. A name that the tree of a policy has goes into it.
    """

    gives: tuple[str, ...]
    bind: Callable[..., Any]
    needs: tuple[str, ...] = ()

    def bound(self, context: object, known: dict[str, Any]) -> dict[str, Any]:
        """Bind it against what is known by then."""
        found = self.bind(context, *(known[name] for name in self.needs))
        return dict(zip(self.gives, (found,) if len(self.gives) == 1 else found, strict=True))


def part(gives: str, bind: Callable[..., Any], needs: str = "") -> Part:
    """Make a part; names are separated by blanks."""
    return Part(tuple(gives.split()), bind, tuple(needs.split()))


def _nothing(documents: Iterable[Any], index: Index) -> None:
    """Declare nothing by name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of policy document, declared once.

    ``model`` says what may be written, and at its keys what is named there; ``parts`` how it is
    bound, ``checks`` what is wrong though it can be bound, and ``declare`` enters the names of all
    documents of the kind into an index. Every key is kept by the engine, but for those that are
    ``printed``, words for people, and those that are ``told``, by their paths. ``bare`` are those
    under which an empty list or mapping says something, with ``.*`` under any name below; elsewhere
    it is told.
    """

    model: type[Located]
    parts: tuple[Part, ...]
    checks: tuple[Check, ...] = ()
    declare: Callable[[Iterable[Any], Index], None] = _nothing
    told: Mapping[str, Told] = field(default_factory=dict)
    printed: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Give the word that documents of the kind begin with."""
        (word,) = get_args(self.model.model_fields["kind"].annotation)
        return str(word)
