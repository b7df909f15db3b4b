"""From a DMN model (1.1 to 1.5, whatever the modeller) to tables as a policy file holds them.

Only what is a decision table is taken over, whether it is that of a decision or of a business
knowledge model; what else decides is named. Names that an expression cannot use are changed.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pmo_engine.exchange.dmn.columns import Columns
from pmo_engine.exchange.dmn.definitions import Definitions, child, children, local, text_of
from pmo_engine.exchange.dmn.languages import check_language
from pmo_engine.exchange.dmn.rows import row_of
from pmo_engine.exchange.dmn.trial import refused
from pmo_engine.exchange.dmn.vocabulary import HIT_POLICIES, DmnError
from pmo_engine.model.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.policy import HitPolicy

MAX_BYTES = 8 * 1024 * 1024
_MODELS = "omg.org/spec/DMN/"
_POLICIES = {pair: ours for ours, pair in HIT_POLICIES.items()}
_KNOWN = frozenset(name for name, _ in _POLICIES)


@dataclass(slots=True)
class Imported:
    """Tables as documents (``kind: table``), and what was left out or is called otherwise."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def import_tables(data: bytes) -> Imported:
    """Read the decision tables of a model; raises DmnError where it has none."""
    root = _root(data)
    definitions = Definitions(root)
    found = Imported(notes=definitions.notes)
    for element, table in _tables(definitions):
        try:
            if note := check_language(root, table):
                found.notes.append(f"'{element.get('name')}': {note}")
            found.tables.append(_document(definitions, element, table))
        except DmnError as error:
            found.notes.append(f"'{element.get('name')}' is left out: {error}")
    if not found.tables:
        more = f" ({'; '.join(found.notes)})" if found.notes else ""
        raise DmnError(f"there is no decision table in this model{more}")
    found.notes += refused(found.tables, definitions.some_currency)
    return found


def _root(data: bytes) -> Element:
    if len(data) > MAX_BYTES:
        raise DmnError(f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise DmnError("it has a document type of its own, which is not read") from None
    except (ParseError, ValueError, LookupError) as error:
        raise DmnError(f"not XML: {error}") from None
    if local(root) != "definitions" or _MODELS not in root.tag:
        raise DmnError(f"not a DMN model: it begins with '{local(root)[:60]}'")
    return root


def _tables(definitions: Definitions) -> Iterator[tuple[Element, Element]]:
    """Give each decision or function that is a table, and name those that are not."""
    for element in definitions.deciding:
        logic = child(element, "encapsulatedLogic")
        holder = element if logic is None else logic
        table = child(holder, "decisionTable")
        if table is not None:
            yield element, table
            continue
        forms = [local(each) for each in holder if local(each) in _FORMS]
        what = _FORMS[forms[0]] if forms else "empty"
        definitions.notes.append(f"'{element.get('name')}' is left out: it is {what}")


_FORMS = {
    "literalExpression": "an expression",
    "context": "a context",
    "invocation": "an invocation",
    "relation": "a relation",
    "list": "a list",
    "functionDefinition": "a function",
    "conditional": "a choice",
    "filter": "a filter",
    "for": "a loop",
    "some": "a quantifier",
    "every": "a quantifier",
}


def _hit_policy(definitions: Definitions, element: Element, table: Element) -> HitPolicy:
    written, aggregation = table.get("hitPolicy") or "UNIQUE", table.get("aggregation") or ""
    name = written.upper().replace("_", " ")
    if aggregation and name in _KNOWN and name != "COLLECT":
        note = f"the aggregation {aggregation} is left out: hit policy {written} has none"
        definitions.note(f"'{element.get('name')}': {note}")
        aggregation = ""
    policy = _POLICIES.get((name, aggregation))
    if policy is None:
        raise DmnError(f"it has the unknown hit policy '{f'{written} {aggregation}'.strip()}'")
    return policy


def _document(definitions: Definitions, element: Element, table: Element) -> dict[str, Any]:
    policy = _hit_policy(definitions, element, table)
    columns = Columns(definitions, element, table, policy)
    label = element.get("label") or element.get("name") or ""
    about = {"about": text_of(child(element, "description"))}
    own = {key: definitions.own(element, key) for key in ("clause", "source")}
    rows = [row_of(columns, rule) for rule in children(table, "rule")]
    if not rows:
        raise DmnError("it has no rows")
    if not columns.inputs:
        raise DmnError("it has no inputs, so that its answer is a constant")
    return {
        "kind": "table",
        "id": definitions.names[element.get("name") or "table"],
        "title": label,
        **{key: text for key, text in {**about, **own}.items() if text},
        "hit_policy": policy,
        "inputs": columns.inputs,
        "outputs": columns.outputs,
        "rows": rows,
    }
