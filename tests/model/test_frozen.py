"""What is made quickly is what the standard library makes."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from operator import ge, gt, le, lt
from typing import get_type_hints

import pytest

from pmo_engine.model import frozen


def both(make):
    """Make a class with either decorator, and one whose first few were made already."""
    written = make(frozen.dataclass)
    assert inspect.isfunction(written.__init__)
    return pytest.mark.parametrize("cls", [make(dataclass), make(frozen.dataclass), written])


def plain(decorator):
    @decorator(frozen=True, slots=True)
    class Plain:
        """Every kind of field."""

        name: str
        parts: tuple[int, ...] = ()
        made: list[int] = field(default_factory=list)
        aside: int = field(default=0, compare=False, repr=False)
        own: int = field(default=7, init=False)
        drawn: list[int] = field(default_factory=list, init=False, compare=False)
        named: str = field(default="", kw_only=True)

    return Plain


def based(decorator):
    @decorator(frozen=True, slots=True, kw_only=True)
    class Base:
        """Fields by name alone."""

        start: int = field(default=0, compare=False)
        kind: str

    @decorator(frozen=True, slots=True)
    class Derived(Base):
        """One more, which may come first."""

        value: int

        def __post_init__(self):
            if self.value < 0:
                raise ValueError("negative")

    return Derived


def open_(decorator):
    @decorator(frozen=True)
    class Open:
        """One that remembers what it worked out."""

        numbers: tuple[int, ...] = (1, 2)

        @cached_property
        def total(self):
            return sum(self.numbers)

    return Open


def own(decorator):
    @decorator(frozen=True, slots=True)
    class Own:
        """One that says itself how it is shown and compared."""

        name: str

        def __repr__(self):
            return f"<{self.name}>"

        def __eq__(self, other):
            return self.name.lower() == other.name.lower()

        def __hash__(self):
            return hash(self.name.lower())

    return Own


def by_identity(decorator):
    @decorator(frozen=True, eq=False, slots=True)
    class ByIdentity:
        """Each is one of its own."""

        name: str = ""

    return ByIdentity


@both(plain)
def test_fields_are_given_as_they_are_declared(cls):
    one = cls("a", (1,), named="b")
    assert [getattr(one, each.name) for each in fields(cls)] == ["a", (1,), [], 0, 7, [], "b"]
    assert one.made is not cls("a").made
    assert cls("a", made=[3]).made == [3]
    assert cls(aside=2, parts=(1,), name="a").parts == (1,)
    assert cls.__match_args__ == ("name", "parts", "made", "aside")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((), {}),
        (("a", (), [], 0, 7), {}),
        (("a",), {"own": 1}),
        (("a",), {"drawn": []}),
        (("a",), {"name": "b"}),
        (("a",), {"nmae": "b"}),
        ((), {"parts": ()}),
    ],
)
def test_what_does_not_fit_is_refused(given, named):
    said = set()
    for decorator in (dataclass, frozen.dataclass):
        with pytest.raises(TypeError) as refused:
            plain(decorator)(*given, **named)
        said.add(str(refused.value))
    assert len(said) == 1


@both(plain)
def test_its_signature_is_that_of_its_fields(cls):
    kinds = {name: each.kind.name for name, each in inspect.signature(cls).parameters.items()}
    assert list(kinds) == ["name", "parts", "made", "aside", "named"]
    assert [name for name, kind in kinds.items() if kind == "KEYWORD_ONLY"] == ["named"]
    hints = get_type_hints(cls.__init__)
    assert hints["parts"] == tuple[int, ...]
    assert [*hints] == ["name", "parts", "made", "aside", "named", "return"]


@both(plain)
def test_what_is_compared_and_shown(cls):
    assert cls("a", aside=1) == cls("a", aside=2)
    assert cls("a") != cls("b")
    assert cls("a") != cls("a", named="b")
    assert cls("a") != ("a", (), [], 7, "")
    assert repr(cls("a")).endswith("Plain(name='a', parts=(), made=[], own=7, drawn=[], named='')")
    with pytest.raises(TypeError):  # by its list
        hash(cls("a"))


@both(plain)
def test_nothing_is_set_or_deleted(cls):
    one = cls("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        one.name = "b"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del one.name
    with pytest.raises((FrozenInstanceError, TypeError)):  # the original's own words fail
        one.other = "b"
    assert not hasattr(one, "__dict__")


@both(plain)
def test_copies_are_the_same(cls):
    one = cls("a", (1,), [2], 3, named="b")
    for other in (copy.copy(one), copy.deepcopy(one), replace(one)):
        assert (other, other.aside, other.drawn) == (one, 3, [])
    assert replace(one, name="c").name == "c"
    assert is_dataclass(cls)


@both(based)
def test_what_derives_has_all_fields(cls):
    assert cls(1, kind="a", start=2) == cls(1, kind="a", start=3)
    assert cls(1, kind="a") != cls(1, kind="b")
    assert hash(cls(1, kind="a")) == hash(cls(1, kind="a", start=5))
    assert repr(cls(1, kind="a")).endswith("Derived(start=0, kind='a', value=1)")
    with pytest.raises(ValueError, match="negative"):
        cls(-1, kind="a")
    with pytest.raises(TypeError):
        cls(1)


@both(open_)
def test_what_has_no_slots_remembers(cls):
    one = cls()
    assert (one.total, vars(one)) == (3, {"numbers": (1, 2), "total": 3})
    assert (cls.numbers, hash(one)) == ((1, 2), hash(((1, 2),)))
    with pytest.raises(FrozenInstanceError):
        one.other = 1


@both(open_)
def test_what_derives_and_is_none_itself_may_have_more(cls):
    more = type("More", (cls,), {})()
    more.other = 1
    assert more.other == 1
    del more.other
    assert not hasattr(more, "other")
    with pytest.raises(FrozenInstanceError):
        more.numbers = ()


@both(own)
def test_own_methods_stay(cls):
    assert (repr(cls("a")), cls("a") == cls("A"), hash(cls("a"))) == ("<a>", True, hash("a"))


@both(by_identity)
def test_those_that_are_not_compared(cls):
    one = cls("a")
    assert one != cls("a")
    assert len({one, cls("a")}) == 2
    assert one == one  # noqa: PLR0124 - as it should be


@frozen.dataclass(frozen=True, slots=True)
class Kept:
    """At the top of a module, where pickle finds it."""

    name: str
    inner: object = None


def test_one_is_pickled():
    assert pickle.loads(pickle.dumps(Kept("a"))) == Kept("a")  # noqa: S301 - our own


def test_one_that_holds_itself_is_shown():
    parts = []
    parts.append(Kept("a", parts))
    assert repr(parts[0]) == "Kept(name='a', inner=[...])"


def changing(decorator):
    @decorator(slots=True)
    class Changing:
        """One whose fields are set."""

        name: str
        parts: list[int] = field(default_factory=list)

    return Changing


def ordered(decorator):
    @decorator(frozen=True, slots=True, order=True)
    class Ordered:
        """One that comes before or after others."""

        number: int
        name: str = ""
        aside: int = field(default=0, compare=False)

    return Ordered


@both(changing)
def test_what_is_not_frozen_is_set_and_has_no_hash(cls):
    one = cls("a")
    one.name = "b"
    one.parts.append(1)
    assert (one, repr(one).endswith("Changing(name='b', parts=[1])")) == (cls("b", [1]), True)
    assert cls("b").parts == []
    del one.name
    assert not hasattr(one, "name")
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    with pytest.raises(AttributeError):
        one.other = 1


@both(ordered)
def test_those_with_an_order_are_compared_by_their_fields(cls):
    one, same, two, three = cls(1, "a"), cls(1, "a", aside=9), cls(1, "b"), cls(2)
    assert sorted([three, two, one]) == [one, two, three]
    for earlier, later in ((one, two), (two, three)):
        assert (earlier < later, earlier <= later) == (True, True)
        assert (earlier > later, earlier >= later) == (False, False)
        assert (later > earlier, later >= earlier) == (True, True)
    assert (one < same, one <= same, one > same, one >= same) == (False, True, False, True)
    for compare in (lt, le, gt, ge):
        with pytest.raises(TypeError):
            compare(one, (1, "a"))
    assert hash(one) == hash(same)


def test_a_class_is_compiled_when_some_of_it_were_made():
    made = plain(frozen.dataclass)
    more = type("More", (made,), {})
    few = [more("a") for _ in range(frozen.FEW)]
    assert not inspect.isfunction(vars(made)["__init__"])
    assert few == [more("a")] * frozen.FEW
    assert inspect.isfunction(vars(made)["__init__"])
    assert "__init__" not in vars(more)
