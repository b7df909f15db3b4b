"""What people are asked about: what it is called, how much it is, in which project, who asks.

A record says so by what its register declares, in no words of a single pack.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.authority.limits import looked_at
from pmo_engine.feel import types as t
from pmo_engine.feel.wire import WireError, from_wire
from pmo_engine.model.event_names import UPDATED, EventName
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.identifiers import ENGINE
from pmo_engine.model.vocabulary import A_GATE, A_RECORD
from pmo_engine.prose.names import called
from pmo_engine.prose.values import Spoken, value_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pmo_engine.policy import Register
    from pmo_engine.queries.view import View
    from pmo_engine.store.tables import Entry, Obligation

About: TypeAlias = tuple[str, Any]
"""The kind of a subject, and its row."""
LONGEST_NAME, LONGEST_VALUE = 80, 300  # characters


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked about: ``short`` for a line, as "Second lift, 80,000 GBP", what is looked at.

    ``project``: its title and id; ``asker``: the name of who asks.
    """

    short: str = ""
    looked_at: tuple[str, ...] = ()
    project: str = ""
    asker: str = ""

    def behind(self, subject: str) -> str:
        """Put it behind a subject line."""
        return f"{subject}: {self.short}" if self.short else subject

    @property
    def lines(self) -> Iterator[str]:
        """Give it as the lines of a notice."""
        if self.project:
            yield f"Project: {self.project}"
        yield from self.looked_at
        if self.asker:
            yield f"Asked for by: {self.asker}"


def matter_of(view: View, rules: Collection[str], project: str | None, about: About) -> Matter:
    """Say what ``rules`` ask about, or tell of, in a project or at the office."""
    kind, row = about
    matter = in_short(view, project, about)
    register = view.policy.registers.get(row.register_name) if kind == A_RECORD else None
    if register is not None:
        return replace(matter, looked_at=tuple(_looked_at(view, register, row, rules)))
    if kind == A_GATE and matter.short:
        return replace(matter, looked_at=(f"Gate: {matter.short}",))
    return matter


def matter_asked(view: View, row: Obligation, about: About) -> Matter:
    """Say what an obligation asks about."""
    return matter_of(view, (row.rule, *row.also_rules), row.project, about)


def in_short(view: View, project: str | None, about: About) -> Matter:
    """Say what something is called and how much it is, in which project, and who asks."""
    kind, row = about
    place = "" if project is None else _project(view, project)
    if kind == A_RECORD:
        return Matter(
            record_in_short(view, row.register_name, row.document),
            (),
            place,
            _asker(view, row.submitted_by),
        )
    if kind == A_GATE:
        declared = view.policy.gates.get(row.gate)
        title = "" if declared is None else declared.title
        return Matter(title, (), place, _asker(view, row.opened_by))
    return Matter(project=place)


def record_in_short(view: View, register_name: str, document: Mapping[str, Any]) -> str:
    """Say what a record is called and how much it is: "New pump, 80,000 GBP"."""
    register = view.policy.registers.get(register_name)
    if register is None:  # another version has it
        return ""
    shown = (register.called_by, register.value)
    found = [_said(view, register, document, name) for name in shown if name is not None]
    return ", ".join(_cut(each, LONGEST_NAME) for each in found if each)


def _looked_at(
    view: View, register: Register, entry: Entry, rules: Collection[str]
) -> Iterator[str]:
    """Say what people decide on: what it is called by, its amount, what else is looked at."""
    for name in _decided_on(view, register, rules):
        if said := _said(view, register, entry.document, name):
            label = called(name, view.policy, register.root)
            yield f"{label[:1].upper()}{label[1:]}: {said}"


def _decided_on(view: View, register: Register, rules: Collection[str]) -> list[str]:
    """Name the fields that people decide on: what it is called by, its amount, the rest in order.

    The rest is what the rules that ask look at, and the limits of authority over it.
    """
    selection = view.rules.selection(EventName.of(register.noun, UPDATED), view.now)
    limiting = {path.steps[1] for path in looked_at(selection) if path.root == register.root}
    looked = {*view.rules.fields_of(register, rules), *limiting}
    first = [each for each in (register.called_by, register.value) if each is not None]
    return list(dict.fromkeys((*first, *(name for name in register.fields if name in looked))))


def _said(view: View, register: Register, document: Mapping[str, Any], name: str) -> str:
    """Say the value of a field on one line; nothing where it is not given."""
    given, kind = document.get(name), register.kept[name]
    if given is None or given == "":
        return ""
    try:  # an amount as it was given, whatever it comes to in the office's currency
        value = from_wire(t.MoneyType() if isinstance(kind, t.MoneyType) else kind, given, name)
    except WireError:  # of another version
        value = given
    if isinstance(value, str) and register.fields[name].names is not None:
        value = view.uow.people.name_of(value)
    if isinstance(value, str) and not isinstance(kind, t.EnumType):
        value = Spoken(value)
    return _cut(_one_line(value_in_words(value)), LONGEST_VALUE)


def _project(view: View, id: str) -> str:
    row = view.uow.projects.get(id)
    return "" if row.is_office else id if row.name in {"", id} else f"{_one_line(row.name)} ({id})"


def _asker(view: View, person: str | None) -> str:
    return view.uow.people.name_of(person) if person and person != ENGINE else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def _one_line(text: str) -> str:
    return " ".join(text.split())
