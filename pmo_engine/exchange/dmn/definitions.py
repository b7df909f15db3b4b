"""What a model defines: names, types, input data; elements by their local names."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeAlias

from pmo_engine.compiler.binding.registers import GLOBAL
from pmo_engine.compiler.binding.tables import is_name
from pmo_engine.exchange.dmn.vocabulary import EXPORTER, MONEY, OUR_NAMES, OWN
from pmo_engine.feel import nodes as n
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.functions import GOVERNANCE
from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse_unary_tests
from pmo_engine.model import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

Type: TypeAlias = "str | list[str]"
Renaming: TypeAlias = "Callable[[str], str]"
_STRING = r'@?\s*"(?:[^"\\]|\\.)*"'
MOST_LEVELS = 20  # of types that refer to one another
TAKEN = frozenset({*BUILTINS, *GOVERNANCE, *dict(GLOBAL), "history"})
LEFT_OUT = {
    "decisionService": "a decision service",
    "knowledgeSource": "a source of knowledge",
    "import": "another model",
}


def local(element: Element) -> str:
    """Give an element's name without its namespace, which differs between versions."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element | None, name: str) -> Element | None:
    """Give the first part of an element that has a name."""
    return next(children(element, name), None) if element is not None else None


def children(element: Element, name: str) -> Iterator[Element]:
    """Go through the parts of an element that have a name."""
    return (each for each in element if local(each) == name)


def text_of(element: Element | None) -> str:
    """Give the text of an element, or of the ``text`` in it."""
    inner = child(element, "text")
    found = inner if inner is not None else element
    return (found.text or "").strip() if found is not None else ""


class Definitions:
    """The parts of a model that its tables refer to."""

    def __init__(self, root: Element) -> None:
        self.notes: list[str] = []
        self.is_ours = root.get("exporter") == EXPORTER
        self.deciding = [
            each for each in root if local(each) in {"decision", "businessKnowledgeModel"}
        ]
        self._data = {each.get("name", ""): each for each in children(root, "inputData")}
        self._types = {each.get("name", ""): each for each in children(root, "itemDefinition")}
        self._by_id = {each.get("id", ""): each for each in root}
        self.names: dict[str, str] = {}
        for name in (each.get("name") or "table" for each in self.deciding):
            self.names[name] = self._free(name, TAKEN | set(self.names.values()))
        for name in self._data:
            self.names.setdefault(name, self._free(name, set(self.names.values())))
        self._odd = {name: ours for name, ours in self.names.items() if name and name != ours}
        self._spaced = {_spaced(name): ours for name, ours in self._odd.items()}
        self.notes += [f"'{name}' is called '{ours}'" for name, ours in self._odd.items()]
        self._notes_on_what_is_left(root)

    def _free(self, name: str, taken: set[str] | frozenset[str]) -> str:
        """Make a name that an expression can use, and that is not in use."""
        made = identifier(name)
        while made in taken:
            made += "_"
        return made

    def _notes_on_what_is_left(self, root: Element) -> None:
        for each in root:
            if what := LEFT_OUT.get(local(each)):
                name = each.get("name") or each.get("namespace") or each.get("id") or ""
                self.notes.append(f"'{name}' is left out: it is {what}")

    def renaming(self, element: Element) -> Renaming:
        """Give what writes the expressions of a decision with the names that we can use.

        A name of the language means what it does everywhere, but for the functions of the model
        that the decision requires.
        """
        functions = self.required(element, "requiredKnowledge")
        parts = []
        for name in sorted(self._odd, key=len, reverse=True):
            tail = ""
            if name in BUILTINS or name in GOVERNANCE:
                if name not in functions and is_name(name):
                    continue
                tail = r"(?=\s*\()" if name in functions else r"(?!\s*\()"
            parts.append(r"\s+".join(re.escape(each) for each in name.split()) + tail)
        if not parts:
            return lambda text: text
        odd = re.compile(rf"{_STRING}|(?<![\w.])(?P<name>{'|'.join(parts)})(?!\w)")
        return lambda text: odd.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        return self._spaced[_spaced(found["name"])] if found["name"] else found[0]

    def required(self, element: Element, how: str) -> frozenset[str]:
        """Name what a decision or function requires in some way (``requiredKnowledge``)."""
        links = (each.get("href") or "" for each in element.iter() if local(each) == how)
        found = (self._by_id.get(link.rpartition("#")[2]) for link in links)
        return frozenset(each.get("name") or "" for each in found if each is not None)

    def own(self, element: Element, key: str) -> str:
        """Give what we ourselves wrote beside an element."""
        extension = child(element, "extensionElements")
        found = None if extension is None else extension.find(f"{{{OWN}}}{key}")
        return text_of(found)

    def is_data(self, name: str, element: Element) -> bool:
        """Tell whether a decision is given a value by a name of ours: input data, or an answer."""
        answers = self.required(element, "requiredDecision")
        return any(name in {each, self.names[each]} for each in (*self._data, *answers))

    def type_of_data(self, name: str) -> Type:
        """Give the type of input data or an answer, by the name that the model or we have."""
        decided = {each.get("name", ""): each for each in self.deciding}
        for each, element in {**decided, **self._data}.items():
            if each and name in {each, self.names[each]}:
                variable = child(element, "variable")
                return self.type(variable.get("typeRef") if variable is not None else None)
        return "any"

    def type_of_part(self, path: str) -> Type:
        """Give the type of a part of input data (``Violation.Type``); ``any`` where it is none."""
        name, _, part = path.partition(".")
        variable = child(self._data.get(name.strip()), "variable")
        reference = variable.get("typeRef") if variable is not None else None
        return self.component(reference, part.strip())

    def type(self, reference: str | None, level: int = 0) -> Type:
        """Give a type as a policy file writes it; ``any`` for what has no such form."""
        if not reference or level > MOST_LEVELS:
            return "any"
        definition = self._definition(reference)
        if definition is None:
            known = OUR_NAMES.get(reference.rpartition(":")[2])
            if known is None:
                self.note(f"type '{reference}' is not known: it is taken for any")
            return known or "any"
        return self._defined(definition, level)

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def some_currency(self) -> str:
        """Give the currency of some type of amounts, that of a check where there is none."""
        return next((m[1] for name in self._types if (m := MONEY.fullmatch(name))), "EUR")

    def currency(self, reference: str | None, level: int = 0) -> str:
        """Give the currency of a type of amounts as we write it; nothing for any other type."""
        definition = self._definition(reference)
        if definition is None or level > MOST_LEVELS:
            return ""
        money = MONEY.fullmatch(definition.get("name", ""))
        inner = text_of(child(definition, "typeRef"))
        return money[1] if money else self.currency(inner, level + 1)

    def _definition(self, reference: str | None) -> Element | None:
        found = self._types.get(reference or "")
        return self._types.get((reference or "").rpartition(":")[2]) if found is None else found

    def component(self, reference: str | None, name: str, level: int = 0) -> Type:
        """Give the type of one entry of a structured type."""
        definition = self._definition(reference)
        if definition is None or level > MOST_LEVELS:
            return "any"
        for each in children(definition, "itemComponent"):
            if each.get("name") == name:
                return self._defined(each, level)
        base = text_of(child(definition, "typeRef"))
        return self.component(base, name, level + 1) if base else "any"

    def item(self, reference: str | None) -> str | None:
        """Give the type that the items of a collection have: itself, with its own definition."""
        definition = self._definition(reference)
        if definition is None or child(definition, "itemComponent") is not None:
            return reference
        return text_of(child(definition, "typeRef")) or reference

    def _defined(self, definition: Element, level: int) -> Type:
        base = text_of(child(definition, "typeRef"))
        if MONEY.fullmatch(definition.get("name", "")):
            return "money"
        found: Type = self.type(base, level + 1)
        said = (text_of(child(definition, each)) for each in ("allowedValues", "typeConstraint"))
        allowed = next(filter(None, said), "")
        if words := words_of(allowed):
            found = words if found in ("text", "any") else found
        elif allowed and allowed != "-":
            self.note(f"type '{definition.get('name')}': that it allows {allowed} is left out")
        if definition.get("isCollection") == "true":
            return f"list<{found if isinstance(found, str) else 'text'}>"
        return found


def _spaced(name: str) -> str:
    """Give a name with single spaces of the keyboard, whatever a modeller put between its words."""
    return " ".join(name.split())


def identifier(name: str) -> str:
    """Make a name that an expression can use: ``Another boolean`` is ``Another_boolean``."""
    if is_plain(name):
        return name
    made = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_") or "column"
    made = f"_{made}" if made[0].isdigit() else made
    return made if is_name(made) else f"{made}_"


def is_plain(name: str) -> bool:
    """Tell whether an expression can use a name, and nobody takes it for another."""
    return is_name(name) and identifiers.problem(name) is None


def words_of(tests: str) -> list[str]:
    """Give the words of which a value is one, where that is all that tests say."""
    try:
        node: Any = parse_unary_tests(tests) if tests else None
    except FeelSyntaxError:
        return []
    match node:
        case n.Membership(n.Name("?"), parts) if all(_is_text(each) for each in parts):
            return [str(each.value) for each in parts if isinstance(each, n.Literal)]
        case _:
            return []


def _is_text(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and isinstance(node.value, str) and bool(node.value)
