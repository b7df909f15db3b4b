"""Tables as DMN models and back: the same table, whatever it holds; and models of others."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import is_dataclass, replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pmo_engine.exchange.dmn import DmnError, export_tables, import_tables
from pmo_engine.exchange.dmn.yaml_text import tables_in_yaml
from pmo_engine.feel.nodes import Call, Name, Node
from pmo_engine.feel.rewrite import rewrite
from pmo_engine.policy import Expression, Policy, Table
from pmo_engine.source.yaml_writing import in_yaml
from tests.small_policy import check_text

MODEL = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
DMNDI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"
DC = "{http://www.omg.org/spec/DMN/20180521/DC/}"

TABLES = """
kind: table
id: signer
title: Who signs
about: Change orders of any kind
clause: "4.2"
source: Board 2025-11-12, item 4
hit_policy: first
inputs:
  - {name: category, type: [scope, time, cost], about: What it changes}
  - {name: amount, type: money, allowed: '>= 0 GBP'}
  - {name: due, type: date}
  - {name: note, type: text, allowed: '"a", "b"'}
outputs:
  - {name: role, type: [project_manager, board], default: board}
  - {name: fee, type: money}
  - {name: days, type: number, allowed: ['3', '> 5']}
rows:
  - when: {category: [scope, time], amount: '[0 GBP..50000 GBP)', due: < 2026-01-01}
    then: [project_manager, -5 GBP, '3']
    source: Board, item 1
    in_force_from: 2026-02-01
    about: The usual
  - when: {category: not(cost), amount: '? > 2 GBP + size(amount) and due > today'}
    then: [board, amount + 3 GBP, '7']
---
kind: table
id: size
title: size
inputs: [{name: amount, type: money, label: price asked}]
outputs: [{name: it, type: money, label: discount}]
rows:
  - {when: < 5 GBP, then: 'if amount > 3 GBP then 1 GBP else amount * 2'}
  - {when: '>= 5 GBP', then: 'min(amount, @"3 GBP")'}
"""


CLOCK: dict[Node, Node] = {Call(Name(name), ()): Name(name) for name in ("today", "now")}


def bound(text: str) -> Policy:
    checked = check_text(text)
    assert checked.policy is not None, checked.diagnostics
    return checked.policy


def exported(policy: Policy, *names: str) -> bytes:
    chosen = [policy.tables[name] for name in names or policy.tables]
    return export_tables(chosen, policy.tables, policy.name)


def back(data: bytes) -> dict[str, Table]:
    return dict(bound(tables_in_yaml(import_tables(data).tables)).tables)


def meaning(value: Any) -> Any:
    """Give a table without the texts of its cells, which may be written in several ways."""
    if isinstance(value, Expression):
        return rewrite(value.node, lambda node: CLOCK.get(node, node))
    if isinstance(value, tuple):
        return tuple(map(meaning, value))
    if is_dataclass(value) and not isinstance(value, type) and "mark" in value.__slots__:
        return tuple(meaning(getattr(value, name)) for name in value.__slots__ if name != "mark")
    return value


def test_a_table_comes_back_as_it_was() -> None:
    policy = bound(TABLES)
    data = exported(policy)
    again = back(data)
    assert {name: meaning(table) for name, table in again.items()} == {
        name: meaning(table) for name, table in policy.tables.items()
    }
    assert export_tables([again["signer"]], again, policy.name) == data
    assert exported(policy) == data


def test_the_model_is_one_that_can_be_drawn() -> None:
    root = ET.fromstring(exported(bound(TABLES)))
    assert root.tag == f"{MODEL}definitions"
    assert [each.get("name") for each in root.iter(f"{MODEL}inputData")] == [
        "category",
        "amount",
        "due",
        "note",
    ]
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    needs = {each.get("href") for each in root.iter() if each.get("href")}
    assert needs <= {f"#{id}" for id in ids}
    assert "#table_size" in needs
    drawn = [each.get("dmnElementRef") for each in root.iter(f"{DMNDI}DMNShape")]
    kinds = ("decision", "businessKnowledgeModel", "inputData")
    assert set(drawn) == {e.get("id") for kind in kinds for e in root.iter(MODEL + kind)}
    places = [tuple(each.attrib.values()) for each in root.iter(f"{DC}Bounds")]
    assert len(set(places)) == len(places)
    edges = {each.get("dmnElementRef") for each in root.iter(f"{DMNDI}DMNEdge")}
    assert edges == {e.get("id") for e in root.iter() if e.tag.endswith("Requirement")}


def test_money_is_a_number_of_a_type_of_its_own() -> None:
    root = ET.fromstring(exported(bound(TABLES), "size"))
    (money,) = root.findall(f"{MODEL}itemDefinition")
    assert (money.get("name"), money.findtext(f"{MODEL}typeRef")) == ("money_GBP", "number")
    cells = [each.findtext(f"{MODEL}text") for each in root.iter(f"{MODEL}inputEntry")]
    assert cells == ["< 5", ">= 5"]
    (column,) = root.iter(f"{MODEL}inputExpression")
    assert column.get("typeRef") == "money_GBP"


@pytest.mark.parametrize(
    ("policy", "written"),
    [
        ("unique", ("UNIQUE", None)),
        ("rule_order", ("RULE ORDER", None)),
        ("collect", ("COLLECT", None)),
        ("sum", ("COLLECT", "SUM")),
        ("count", ("COLLECT", "COUNT")),
    ],
)
def test_hit_policies(policy: str, written: tuple[str, str | None]) -> None:
    text = (
        f"kind: table\nid: t\ntitle: T\nhit_policy: {policy}\ninputs: [{{name: n, type: number}}]\n"
        "outputs: [{name: it, type: duration}]\nrows: [{then: P3D}]\n"
    )
    made = bound(text)
    (table,) = ET.fromstring(exported(made)).iter(f"{MODEL}decisionTable")
    assert (table.get("hitPolicy"), table.get("aggregation")) == written
    assert meaning(back(exported(made))["t"]) == meaning(made.tables["t"])


WORDS = ("scope", "time", "two words", "it's", "", "not(scope)", "-", "über")
CELLS = {
    "[scope, time, 'two words', \"it's\", 'not(scope)', '-', über]": (
        "scope",
        "two words",
        ["scope", "it's"],
        'not("scope", "-")',
        '? = "time" or n > 3',
    ),
    "money": (
        "< 5 GBP",
        "[0 GBP..50000.01 GBP)",
        "-3 GBP, > 7 GBP",
        "? > cost - 2 GBP",
        "? = cost",
    ),
    "number": ("< 5", "1, 2", "not(3)", "? * 2 > 5 and n < 3", "[1..2[", "null"),
    "date": ("< 2026-01-01", "[2026-01-01..2026-03-31]", '> date("2026-01-01")', "? > today"),
    "date and time": ("> 2026-01-01T10:00:00Z",),
    "time": ("< 10:30:00",),
    "duration": ("> P3D", "PT36H", "-P1D"),
    "years and months duration": ("> P1Y",),
    "boolean": ("true", "?", "not(true)"),
    "text": ('"a"', 'starts with(?, "x")', '"a, b", "c"', '"@\\"5 GBP\\""', '? = "q\\nr"'),
    "list<money>": ("list contains(?, 5 GBP)", "every m in ? satisfies m < 5 GBP"),
    "any": ("-", "? != null"),
}
ANSWERS = {
    "money": ("5 GBP", "cost + 5 GBP", "if n > 3 then 5 GBP else cost", "null"),
    "number": ("5", "n / 2", "count([cost])"),
    "[scope, time]": ("scope", 'if n > 3 then "scope" else "time"'),
    "date": ("2026-01-01", "today"),
    "list<number>": (["1", "2"], "[n, 3]"),
    "duration": ("P3D",),
    "any": ('{a: n, b: "x"}', "cost"),
}
ABOUT = st.sampled_from(["", "What it is", "Anybody's: 5 %", '"quoted" & <tagged>', "zwei\nZeilen"])


NAMES = ("c0", "max", "now", "time", "größe_", "b_c", "it", "item")


def tables_of_many_kinds() -> str:
    """Write a table for each type of column, and one for each of answer, with all their cells."""
    columns = "{name: cost, type: money}, {name: n, type: number}"
    made = []
    for place, (type_, cells) in enumerate((*CELLS.items(), *ANSWERS.items())):
        tested = place < len(CELLS)
        rows = [
            {"when": {"c": cell}, "then": {"it": "1"}} if tested else {"then": {"it": cell}}
            for cell in cells
        ]
        made.append(
            f"kind: table\nid: t{place}\ntitle: T\nhit_policy: first\n"
            f"inputs: [{columns}, {{name: c, type: {type_ if tested else 'any'}}}]\n"
            f"outputs: [{{name: it, type: {'any' if tested else type_}}}]\n"
            f"rows: [{', '.join(map(in_yaml, rows))}]\n"
        )
    return "---\n".join(made)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Draw a table of money, a number and two columns of any type, as YAML."""
    types = draw(st.lists(st.sampled_from(list(CELLS)), min_size=2, max_size=2))
    inputs = [{"name": "cost", "type": "money"}, {"name": "n", "type": "number"}]
    named = draw(st.permutations(NAMES))[: len(types)]
    answer = draw(st.sampled_from(list(ANSWERS)))
    rows = []
    for _ in range(draw(st.integers(1, 3))):
        when = {
            name: draw(st.sampled_from(CELLS[type_]))
            for name, type_ in zip(named, types, strict=True)
            if draw(st.booleans())
        }
        row: dict[str, Any] = {"when": when, "then": {"it": draw(st.sampled_from(ANSWERS[answer]))}}
        row |= {key: text for key in ("about", "source", "clause") if (text := draw(ABOUT))}
        rows.append(in_yaml(row))
    columns = [in_yaml(each) for each in inputs]
    columns += [f"{{name: {n}, type: {type_}}}" for n, type_ in zip(named, types, strict=True)]
    lines = [
        "kind: table",
        "id: t",
        f"title: {in_yaml(draw(ABOUT) or 'T')}",
        f"hit_policy: {draw(st.sampled_from(['first', 'collect', 'rule_order']))}",
        f"inputs: [{', '.join(columns)}]",
        f"outputs: [{{name: it, type: {answer}}}]",
        f"rows: [{', '.join(rows)}]",
    ]
    return "\n".join(lines) + "\n"


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(tables())
def test_any_table_comes_back_as_it_was(text: str) -> None:
    policy = bound(text)
    data = exported(policy)
    again = bound(tables_in_yaml(import_tables(data).tables))
    assert meaning(again.tables["t"]) == meaning(policy.tables["t"])
    assert exported(replace(again, name=policy.name)) == data


def model(body: str, namespace: str = "https://www.omg.org/spec/DMN/20191111/MODEL/") -> bytes:
    return f'<definitions xmlns="{namespace}" name="m">{body}</definitions>'.encode()


def tagged(tag: str, *texts: str) -> str:
    return "".join(f"<{tag}><text>{text}</text></{tag}>" for text in texts)


def rules(*rows: tuple[tuple[str, ...], tuple[str, ...]]) -> str:
    return "".join(
        f"<rule>{tagged('inputEntry', *when)}{tagged('outputEntry', *then)}</rule>"
        for when, then in rows
    )


NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
FOREIGN = """
<itemDefinition name="tOffer" isCollection="true">
  <itemComponent name="Rate %"><typeRef>string</typeRef>
    <allowedValues><text>"best", "usual"</text></allowedValues></itemComponent>
  <itemComponent name="Days"><typeRef>feel:number</typeRef></itemComponent>
</itemDefinition>
<inputData name="Applicant Age"><variable typeRef="number"/></inputData>
<inputData name="Limit"><variable typeRef="number"/></inputData>
<decision name="Other"><literalExpression><text>1 + 1</text></literalExpression></decision>
<decision name="Offer for a customer">
  <variable typeRef="tOffer"/>
  <decisionTable hitPolicy="RULE ORDER">
    <input label="Age"><inputExpression><text>Applicant Age</text></inputExpression></input>
    <input label="Risk"><inputExpression typeRef="string"><text>risk.level</text></inputExpression>
      <inputValues><text>"High", "Low"</text></inputValues></input>
    <output name="Rate %"/>
    <output name="Days"><defaultOutputEntry><text>3</text></defaultOutputEntry></output>
    <annotation name="Source"/><annotation name="Remark"/>
    <rule><description>The young</description>
      <inputEntry><text>&lt; Limit</text></inputEntry>
      <inputEntry><text>"High","Low"</text></inputEntry>
      <outputEntry><text>"best"</text></outputEntry>
      <outputEntry><text>Applicant Age + 1</text></outputEntry>
      <annotationEntry><text>Item 4</text></annotationEntry>
      <annotationEntry><text>soon</text></annotationEntry></rule>
    <rule><inputEntry><text/></inputEntry><inputEntry><text>not("Low")</text></inputEntry>
      <outputEntry><text>"usual"</text></outputEntry><outputEntry/></rule>
  </decisionTable>
</decision>
"""


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_models_of_others_are_read_whatever_their_version(namespace: str) -> None:
    found = import_tables(model(FOREIGN, namespace))
    assert found.notes == [
        "'Offer for a customer' is called 'Offer_for_a_customer'",
        "'Applicant Age' is called 'Applicant_Age'",
        "'Other' is left out: it is an expression",
        "input 'risk.level' is called 'Risk'",
    ]
    assert found.tables == [
        {
            "kind": "table",
            "id": "Offer_for_a_customer",
            "title": "Offer for a customer",
            "hit_policy": "rule_order",
            "inputs": [
                {"name": "Applicant_Age", "type": "number", "label": "Age"},
                {"name": "Risk", "type": ["High", "Low"]},
                {"name": "Limit", "type": "number"},
            ],
            "outputs": [
                {"name": "Rate", "type": ["best", "usual"]},
                {"name": "Days", "type": "number", "default": "3"},
            ],
            "rows": [
                {
                    "when": {"Applicant_Age": "< Limit", "Risk": ["High", "Low"]},
                    "then": {"Rate": "best", "Days": "Applicant_Age + 1"},
                    "source": "Item 4",
                    "about": "The young; Remark: soon",
                },
                {"when": {"Risk": 'not("Low")'}, "then": {"Rate": "usual", "Days": "null"}},
            ],
        }
    ]
    assert bound(tables_in_yaml(found.tables)).tables


def test_functions_of_others_take_their_parameters_in_order() -> None:
    table = (
        '<decisionTable><input><inputExpression typeRef="number"><text>b</text></inputExpression>'
        f"</input><output typeRef='number'/>{rules((('&gt; a',), ('1',)))}</decisionTable>"
    )
    parameters = "".join(f'<formalParameter name="{name}" typeRef="number"/>' for name in "ab")
    logic = f"<encapsulatedLogic>{parameters}{table}</encapsulatedLogic>"
    knowledge = f'<businessKnowledgeModel name="f">{logic}</businessKnowledgeModel>'
    (found,) = import_tables(model(knowledge)).tables
    assert [column["name"] for column in found["inputs"]] == ["a", "b"]
    assert found["rows"] == [{"when": {"b": "> a"}, "then": {"answer": "1"}}]


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">&b;</definitions>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">&a;</definitions>'
)
NO_TABLE = '<decision name="Other"><context/></decision><decision name="Empty"/>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not XML: no element found"),
        (b"kind: table", "not XML: syntax error: line 1, column 0"),
        (b"<definitions", "not XML: unclosed token"),
        ("<definitions é".encode("latin-1"), "not XML"),
        (b'<?xml version="1.0" encoding="nothing"?><a/>', "not XML"),
        (b"<html/>", "not a DMN model: it begins with 'html'"),
        (b"<definitions/>", "not a DMN model"),
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (model(""), "no decision table"),
        (model(NO_TABLE), "'Other' is left out: it is a context; 'Empty' is left out: it is empty"),
        (
            model('<decision name="a"><decisionTable hitPolicy="SOME"/></decision>'),
            "'a' is left out: it has the unknown hit policy 'SOME'",
        ),
        (
            model('<decision name="a"><decisionTable/></decision>'),
            "'a' is left out: it has no rows",
        ),
        (b"<a>" * 200_000, "not XML"),
        (b" " * 8 * 1024 * 1024 + b"<a/>", "larger than 8 MiB"),
    ],
)
def test_what_is_no_model_with_a_table_says_so(data: bytes, message: str) -> None:
    with pytest.raises(DmnError) as error:
        import_tables(data)
    assert message in str(error.value)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_a_damaged_model_is_read_or_refused(data: st.DataObject) -> None:
    whole = model(FOREIGN)
    place = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 60))
    damaged = whole[:place] + data.draw(st.binary(max_size=8)) + whole[place + length :]
    with suppress(DmnError):
        tables_in_yaml(import_tables(damaged).tables)


def test_types_that_refer_to_one_another_end() -> None:
    circle = (
        '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
        '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
        '<decision name="d"><variable typeRef="a"/><decisionTable>'
        '<input><inputExpression typeRef="a"><text>x</text></inputExpression></input>'
        f'<output name="o" />{rules((("1",), ("2",)))}</decisionTable></decision>'
    )
    (found,) = import_tables(model(circle)).tables
    assert found["inputs"] == [{"name": "x", "type": "any"}]


def test_a_decision_without_a_name_and_a_type_that_lists_its_words_twice() -> None:
    words = "<allowedValues><text>&quot;a&quot;, &quot;b&quot;</text></allowedValues>"
    allowed = tagged("inputValues", "&quot;a&quot;")
    (found,) = import_tables(
        model(
            f'<itemDefinition name="w"><typeRef>string</typeRef>{words}</itemDefinition>'
            '<decision><decisionTable><input><inputExpression typeRef="w"><text>x</text>'
            f'</inputExpression>{allowed}</input><output name="o"/>{rules((("-",), ("2",)))}'
            "</decisionTable></decision>"
        )
    ).tables
    assert (found["id"], found["inputs"]) == (
        "table",
        [{"name": "x", "type": ["a", "b"], "allowed": "a"}],
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'then: [\'authority("board", "approve change")\']',
            "table 't' uses 'authority', which DMN does not know",
        ),
        ('then: [cost], about: "a\\u0001b"', "holds the character '\\x01', which XML cannot"),
    ],
)
def test_what_dmn_cannot_hold_is_said(text: str, message: str) -> None:
    policy = bound(
        "kind: table\nid: t\ntitle: T\ninputs: [{name: cost, type: money}]\n"
        f"outputs: [{{name: it, type: money}}]\nrows: [{{{text}}}]\n"
    )
    with pytest.raises(DmnError) as error:
        exported(policy)
    assert message in str(error.value)


def test_inputs_of_one_name_and_two_types_are_exported_apart() -> None:
    other = (
        "---\nkind: table\nid: other\ntitle: O\ninputs: [{name: amount, type: number}]\n"
        "outputs: [{name: it, type: number}]\nrows: [{then: amount}]\n"
    )
    policy = bound(TABLES + other)
    with pytest.raises(DmnError, match="'amount' is money in GBP in one table and a number in"):
        exported(policy)
    assert exported(policy, "other")


def decision(
    name: str, table: str, *, tag: str = "decision", needs: str = "", more: str = ""
) -> str:
    return f'<{tag} id="{name}" name="{name}" {more}>{needs}{table}</{tag}>'


def columned(inputs: str, *rows: tuple[tuple[str, ...], tuple[str, ...]], more: str = "") -> str:
    columns = "".join(
        f"<input><inputExpression><text>{each}</text></inputExpression></input>"
        for each in inputs.split(", ")
    )
    return f'<decisionTable {more}>{columns}<output name="o"/>{rules(*rows)}</decisionTable>'


MAX = decision("max", columned("a, b", (("&gt; 100", "-"), ("999",)), (("-", "-"), ("0",))))
CALLING = columned("a, b", (("-", "-"), ("max(a, b)",)))


def answers_of(found: Any, table: str = "Fee") -> list[Any]:
    return [
        row["then"]["o"] for each in found.tables if each["title"] == table for row in each["rows"]
    ]


def test_a_decision_called_as_a_function_of_the_language_does_not_take_its_place() -> None:
    found = import_tables(model(MAX + decision("Fee", CALLING)))
    assert found.notes == ["'max' is called 'max_'"]
    assert answers_of(found) == ["max(a, b)"]
    needs = '<knowledgeRequirement><requiredKnowledge href="#max"/></knowledgeRequirement>'
    parameters = '<formalParameter name="a"/><formalParameter name="b"/>'
    logic = f"<encapsulatedLogic>{parameters}{CALLING}</encapsulatedLogic>"
    knowledge = decision("max", logic.replace("max(a, b)", "a"), tag="businessKnowledgeModel")
    assert answers_of(import_tables(model(knowledge + decision("Fee", CALLING)))) == ["max(a, b)"]
    required = import_tables(model(knowledge + decision("Fee", CALLING, needs=needs)))
    assert answers_of(required) == ["max_(a, b)"]
    bound(tables_in_yaml(required.tables))


def test_names_with_spaces_are_those_of_the_language_unless_the_model_has_the_function() -> None:
    cell = 'date and time(x, @"10:00:00") &gt; date and time and "date and time" != y'
    data = '<inputData id="i" name="date and time"><variable typeRef="dateTime"/></inputData>'
    table = columned("x, date  and time, y", (("-", "-", "-"), (cell,)))
    found = import_tables(model(data + decision("Fee", table)))
    (answer,) = answers_of(found)
    assert answer == ('date and time(x, @"10:00:00") > date_and_time and "date and time" != y')


@pytest.mark.parametrize(
    ("cell", "name", "written"),
    [
        ("count(y) &gt; 1 and count &gt; 2", "count_", "count(y) > 1 and count_ > 2"),
        ("count &gt; 2", "count", "count > 2"),
        ('count(y) &gt; 1 and y.count = "count"', "count_", 'count(y) > 1 and y.count = "count"'),
    ],
)
def test_a_column_called_as_a_function_does_not_hide_it(cell: str, name: str, written: str) -> None:
    found = import_tables(model(decision("Fee", columned("count, y", (("-", "-"), (cell,))))))
    assert [column["name"] for column in found.tables[0]["inputs"]] == [name, "y"]
    assert answers_of(found) == [written]


def test_what_another_decision_answers_is_given_as_an_input() -> None:
    needs = '<informationRequirement><requiredDecision href="#max"/></informationRequirement>'
    found = import_tables(
        model(MAX + decision("Fee", columned("a", (("-",), ("max + 1",))), needs=needs))
    )
    assert [column["name"] for column in found.tables[1]["inputs"]] == ["a", "max"]
    assert answers_of(found) == ["max + 1"]
    bound(tables_in_yaml(found.tables))


@pytest.mark.parametrize(
    ("more", "cells", "said"),
    [
        ("", ("1", "[10, 20][1]"), ""),
        ("groovy", ("1", "[10, 20][1]"), "not in FEEL (a cell, [10, 20][1])"),
        ("http://www.omg.org/spec/FEEL/20140401", ("1", "[10, 20][1]"), ""),
        ("JavaScript", ("n &lt; 5", "1"), "written in JavaScript, not in FEEL (a cell, n < 5)"),
        ("", ("1", "${fee}"), "written in JUEL, not in FEEL (a cell, ${fee})"),
        ("juel", ('"a", "b"', "-5.5"), "written in juel: plain values, which are read as FEEL"),
        ("juel", ('"a${b}"', "1"), "written in JUEL, not in FEEL"),
        ("python", ('"a\\n"', "1"), "written in python, not in FEEL"),
    ],
)
def test_another_language_is_refused_or_told(more: str, cells: tuple[str, str], said: str) -> None:
    body = decision("Fee", columned("n", ((cells[0],), (cells[1],))))
    written = model(body + MAX).replace(
        b'name="m"', f'name="m" expressionLanguage="{more}"'.encode(), 1
    )
    if more:
        written = written.replace(b"&gt; 100", b"100").replace(b"<text>999", b"<text>9")
    found = import_tables(written)
    told = [note for note in found.notes if note.startswith("'Fee'")]
    assert len(found.tables) == 1 + ("not in FEEL" not in said)
    assert (said in told[0]) if said else not told


def test_a_cell_of_another_language_is_refused_too() -> None:
    body = decision("Fee", columned("n", (("1",), ("x[1]",))))
    body = body.replace("<outputEntry>", '<outputEntry expressionLanguage="javascript">')
    with pytest.raises(DmnError, match=r"written in javascript, not in FEEL \(a cell, x\[1\]\)"):
        import_tables(model(body))


@pytest.mark.parametrize(
    ("policy", "ours"),
    [
        ('hitPolicy="UNIQUE" aggregation="SUM"', "unique"),
        ('aggregation="MIN"', "unique"),
        ('hitPolicy="Rule_Order" aggregation="COUNT"', "rule_order"),
        ('hitPolicy="collect" aggregation="SUM"', "sum"),
    ],
)
def test_an_aggregation_counts_where_it_belongs(policy: str, ours: str) -> None:
    found = import_tables(model(decision("Fee", columned("n", (("1",), ("1",)), more=policy))))
    assert found.tables[0]["hit_policy"] == ours
    assert bool(found.notes) == ("aggregation" in policy and ours != "sum")


@pytest.mark.parametrize(
    ("body", "note"),
    [
        (
            decision("Fee", columned("n", (("1",), ("1 +",)))),
            "'Fee' has to be mended: ",
        ),
        (
            decision("Fee", columned("n", (("1", "2"), ("1",)))) + MAX,
            "'Fee' is left out: a row has 2 tests for 1 columns",
        ),
        (
            decision("Fee", columned("n", (("1",), ("1", "2")))) + MAX,
            "'Fee' is left out: a row has 2 answers for 1 columns",
        ),
        (
            decision(
                "Fee",
                '<decisionTable><output name="o"/><output name="o"/>'
                f"{rules(((), ('1', '2')))}</decisionTable>",
            )
            + MAX,
            "a second output 'o' is called 'o_'",
        ),
        (
            decision("Fee", columned("n", (("1",), ("1",)))).replace(
                "<inputExpression>", '<inputExpression typeRef="tOdd">'
            ),
            "type 'tOdd' is not known: it is taken for any",
        ),
        (
            decision(
                "Rate", f'<decisionTable><output name="o"/>{rules(((), ("1",)))}</decisionTable>'
            )
            + MAX,
            "'Rate' is left out: it has no inputs, so that its answer is a constant",
        ),
        (decision("Area m²", columned("m²", (("1",), ("1",)))), "'Area m²' is called 'Area_m2'"),
        (decision("Fee", columned("m²", (("1",), ("1",)))), "input 'm²' is called 'm2'"),
        (MAX + '<knowledgeSource name="Law"/>', "'Law' is left out: it is a source of knowledge"),
        (MAX + '<decisionService name="S"/>', "'S' is left out: it is a decision service"),
        (MAX + '<import namespace="urn:x"/>', "'urn:x' is left out: it is another model"),
        (decision("stage", columned("n", (("1",), ("1",)))), "'stage' is called 'stage_'"),
        (
            '<itemDefinition name="w"><typeRef>number</typeRef><allowedValues><text>[0..9]</text>'
            "</allowedValues></itemDefinition>"
            + decision("Fee", columned("n", (("1",), ("1",)))).replace(
                "<inputExpression>", '<inputExpression typeRef="w">'
            ),
            "type 'w': that it allows [0..9] is left out",
        ),
    ],
)
def test_what_is_left_out_or_has_to_be_mended_is_said(body: str, note: str) -> None:
    notes = import_tables(model(body)).notes
    assert any(each.startswith(note) for each in notes), notes


def test_lists_of_whatever_a_column_may_be_are_accepted() -> None:
    definitions = "".join(
        f'<itemDefinition name="l{place}" isCollection="true"><typeRef>{name}</typeRef>'
        "</itemDefinition>"
        for place, name in enumerate(("time", "duration", "years and months duration", "date"))
    )
    tables_ = "".join(
        decision(f"D{place}", columned("n", (("-",), ("n",)))).replace(
            "<inputExpression>", f'<inputExpression typeRef="l{place}">'
        )
        for place in range(4)
    )
    found = import_tables(model(definitions + tables_.replace("duration", "dayTimeDuration")))
    assert found.tables[0]["inputs"] == [{"name": "n", "type": "list<time>"}]
    assert not [note for note in found.notes if "mended" in note]
    bound(tables_in_yaml(found.tables))
