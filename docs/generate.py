"""Write the parts of the reference that the code knows: kinds, functions, commands, states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import yaml
from pydantic.fields import FieldInfo

from pmo_engine.cli.main import COMMANDS, load
from pmo_engine.compiler.kinds import KINDS, MODELS
from pmo_engine.compiler.kinds.kind import Kind
from pmo_engine.compiler.kinds.paths import key_paths, standing, told_of
from pmo_engine.compiler.schema.json_schema import schema_of
from pmo_engine.feel.help import GROUPS, LANGUAGE, Meaning, calls_of
from pmo_engine.model.life_cycle import LIFE_CYCLES, LifeCycle, words
from pmo_engine.settings import PREFIX, Settings

HERE = Path(__file__).parent / "reference"
_PLAIN = {
    ("string", "number", "boolean"): "text",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
    "object": "mapping",
    "array": "list",
}
_REFERENCE = "#/$defs/"


def kinds() -> str:
    """Say for every kind of document, and every entry in it, which keys there are."""
    parts = [_KINDS, *(f"- [{kind}](#{kind}): {_about(kind)}" for kind in MODELS)]
    return "\n".join(parts) + "\n" + "".join(_kind(kind) for kind in MODELS)


_KINDS = """# Kinds of document

A policy file holds documents, separated by lines of `---`. Each has a `kind`, and each kind its
keys. A key that is not marked *required* may be left out; what then holds is said where it is not
simply nothing. Amounts are written `50000 GBP`, days `2026-03-31`, times allowed `3 working days`.
"""


def _about(kind: str) -> str:
    return str(schema_of(kind)["description"])


def _kind(kind: str) -> str:
    schema = schema_of(kind)
    entries = schema.get("$defs", {})
    top = f"\n## {kind}\n\n{schema['description']}\n\n{_keys(kind, schema, entries)}"
    nested = (
        f"\n### {_title(kind, entries[name])}\n\n{entries[name]['description']}\n\n"
        f"{_keys(kind, entries[name], entries)}"
        for name in _in_order(schema, entries)
    )
    return top + "".join(nested)


def _title(kind: str, schema: Mapping[str, Any]) -> str:
    return f"{kind}: {str(schema['title']).lower()}"


def _in_order(schema: Mapping[str, Any], entries: Mapping[str, Any]) -> list[str]:
    """Name the entries within a kind in the order in which a reader meets them."""
    found: dict[str, None] = {}
    waiting = list(_references(schema["properties"]))
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting = [*_references(entries[name]), *waiting]
    return list(found)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(_REFERENCE)
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _keys(kind: str, schema: Mapping[str, Any], entries: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    lines = ["| key | is | meaning |", "|---|---|---|"]
    for key, value in schema["properties"].items():
        written = _type(kind, value, entries)
        needed = " *(required)*" if key in required else _default(value)
        lines.append(f"| `{key}` | {_cell(written)} | {_cell(value['description'])}{needed} |")
    return "\n".join(lines) + "\n"


def _default(schema: Mapping[str, Any]) -> str:
    value = schema.get("default")
    if value in (None, "", [], {}) or isinstance(value, (list, dict)):
        return ""
    return f" Left out: `{str(value).lower() if isinstance(value, bool) else value}`."


def _type(kind: str, schema: Mapping[str, Any], entries: Mapping[str, Any]) -> str:
    """Say in words what may be written."""
    match schema:
        case {"$ref": str(name)}:
            title = _title(kind, entries[name.removeprefix(_REFERENCE)])
            return f"[{title.partition(': ')[2]}](#{_anchor(title)})"
        case {"const": value}:
            return f"`{value}`"
        case {"enum": values}:
            return "one of " + ", ".join(f"`{value}`" for value in values)
        case {"oneOf": forms} | {"anyOf": forms}:
            return ", or ".join(_type(kind, form, entries) for form in forms)
        case {"then": one, "else": other}:
            return f"{_type(kind, other, entries)}, or {_type(kind, one, entries)}"
        case {"type": "array", "items": dict(items)}:
            return f"list: {_type(kind, items, entries)}"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"mapping from names: {_type(kind, values, entries)}"
        case {"type": list(types)} if tuple(types) in _PLAIN:
            return _PLAIN[tuple(types)]
        case {"type": str(name)}:
            return _PLAIN[name]
        case _:
            return "any value"


def _anchor(heading: str) -> str:
    """Give the anchor that code hosts make of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def keys() -> str:
    """Say of every key what becomes of it: kept by which test, printed, or told by the check."""
    kept = yaml.safe_load((HERE.parent / "kept.yaml").read_text(encoding="utf-8"))
    parts = [_KEYS]
    for name, kind in KINDS.items():
        parts.append(f"\n## {name}\n\n| key | is | by |\n|---|---|---|")
        parts += [_standing(kind, path, kept[name]) for path in key_paths(kind.model)]
    return "\n".join(parts) + "\n"


_KEYS = """# What is kept

What the language accepts, the engine keeps. Here is every key of every
[kind of document](kinds.md), by the path of keys that leads to it, and what becomes of it:

- *kept*: the engine does it, or the check holds the policy to it; the test shows that.
- *printed*: words for people, which stand in documents, reasons and notices.
- *told*: nothing keeps it yet, and the check says so where it is written
  ([PMO095](diagnostics/PMO095.md))."""


def _standing(kind: Kind, path: str, kept: Mapping[str, str]) -> str:
    is_ = standing(kind, path)
    by = ""
    if is_ == "kept":
        by = f"`{test_of(path, kept)}`"
    elif is_ == "told":
        told = told_of(kind, path)
        by = "" if told is None else told.words
    return f"| `{path}` | {is_} | {_cell(by)} |"


def test_of(path: str, kept: Mapping[str, str]) -> str:
    """Give the test of a key, or of the nearest one above it that has a test."""
    steps = path.split(".")
    above = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next(kept[each] for each in above if each in kept)


def functions() -> str:
    """Say how every function is called, what it is for, and what an example comes to."""
    parts = [_FUNCTIONS]
    for title, written in LANGUAGE.items():
        parts.append(f"\n## {title}\n\n| | example | comes to |\n|---|---|---|")
        parts.extend(_row(each.about, each) for each in written)
    for title, group in GROUPS.items():
        parts.append(f"\n## {title}")
        parts.extend(_function(name, meaning) for name, meaning in group.items())
    return "\n".join(parts).rstrip() + "\n"


_FUNCTIONS = """# Conditions: values, operators, functions

Conditions are written in FEEL, the expression language of the DMN standard; the
[guide](../guide/conditions.md) introduces it. Any line here can be tried:

```sh
pmo feel '1 + 2'
```

The examples of the functions of governance are about a policy under which the project manager
approves changes up to 50,000 GBP and the PMO head up to 250,000 GBP, and 600,000 GBP together in
90 days, with a tolerance of 5 % for the cost of a stage; the change in hand costs 80,000 GBP, and
nothing was approved before."""


def _row(first: str, meaning: Meaning) -> str:
    return f"| {_cell(first)} | `{_cell(meaning.example)}` | `{_cell(meaning.result)}` |"


def _function(name: str, meaning: Meaning) -> str:
    calls = "".join(f"- `{call}`\n" for call in calls_of(name))
    example = f"`{meaning.example}` comes to `{meaning.result}`."
    return f"\n### {name}\n\n{meaning.about}\n\n{calls}\n{example}"


def settings() -> str:
    """Say what can be set, where."""
    rows = [_setting(key, field) for key, field in Settings.model_fields.items()]
    return "\n".join([_SETTINGS, *rows, _SWITCHES])


_SETTINGS = """# Settings

An option on the command line counts first (`--database`, `--policy`; [commands](commands.md) says
which command takes which), then the environment variable, then a file of the folder of secrets,
then the key in `pmo.toml` in the folder where the command is called, then the default. Paths in
`pmo.toml` count from its folder.

| `pmo.toml` | variable | default | what |
|---|---|---|---|"""
_SWITCHES = """
A setting that is a secret, such as an address with a password in it, is better kept in a file of
its own than in `pmo.toml` or a variable: the folder that `PMO_SECRETS` names holds a file for each,
called as the variable in small letters (`pmo_database`), with the value and nothing else. That is
how containers hand secrets over.

Beside these, some variables change how a command runs:

| variable | what |
|---|---|
| `PMO_SECRETS` | the folder of secrets |
| `NO_COLOR` | set to anything: no colours |
| `PMO_DEBUG` | set to anything: an internal error shows where it happened, for a report |

A whole `pmo.toml`:

```toml
database = "sqlite:///office.db"
policy = "policies"
engine = "durable"
notice_hosts = ["hooks.office.example", "10.0.0.5:8080"]
```
"""


def _setting(key: str, field: FieldInfo) -> str:
    shown = f"`{field.default}`" if field.default else "none"
    if key == "engine":  # which depends on the version of Python
        shown = "see there"
    name = f"`{PREFIX}{key.upper()}`"
    return f"| `{key}` | {name} | {shown} | {field.description} |"


def commands() -> str:
    """Say what every command does, with its arguments, options and an example."""
    found = [(path, each) for name in COMMANDS for path, each in _commands(name, load(name))]
    index = [f"- [{path}](#{_anchor(path)}): {_summary(each)}" for path, each in found]
    return "\n".join([_COMMANDS, *index]) + "\n" + "".join(_command(*each) for each in found)


_COMMANDS = """# Commands

Every command has `--help`. Exit status: 0 done, 1 the answer is no, 2 could not be carried out.
"""


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield f"pmo {path}", command
        return
    for name, each in command.commands.items():
        yield from _commands(f"{path} {name}", each)


def _summary(command: Any) -> str:
    return str(command.help).partition("\n")[0].replace("``", "`")


def _command(path: str, command: Any) -> str:
    text, _, example = str(command.help).replace("``", "`").partition("\n\nExample")
    lines = example.partition(": ")[2].split(", pmo ")
    shown = "\n".join([lines[0], *(f"pmo {line}" for line in lines[1:])])
    parts = [f"\n## {path}\n\n{text}\n\n```sh example\n{shown}\n```\n"]
    rows = [_parameter(each) for each in command.params if not each.hidden]
    if rows:
        parts.append("\n| | |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _parameter(each: Any) -> str:
    argument = each.param_type_name == "argument"
    written = f"`{each.name.upper()}`" if argument else ", ".join(f"`{o}`" for o in _options(each))
    needed = " *(required)*" if each.required else ""
    return f"| {written} | {_cell(each.help or '')}{needed}{_unless(each.default)} |"


def _options(each: Any) -> Iterable[str]:
    return [*each.opts, *each.secondary_opts]


def _unless(default: Any) -> str:
    if default in (None, "", ()) or isinstance(default, bool) or callable(default):
        return ""
    return f" Default: `{default.value if isinstance(default, Enum) else default}`."


def life_cycles() -> str:
    """Draw the states of all that the office works on."""
    return _LIFE_CYCLES + "".join(_life_cycle(each) for each in LIFE_CYCLES)


_LIFE_CYCLES = """# States

What the office works on is in one state at a time, and becomes only what is drawn here: the store
refuses every other step.
"""


def _life_cycle(cycle: LifeCycle) -> str:
    steps = [f"    [*] --> {cycle.first}"]
    steps += [f"    {before} --> {each}" for before, after in cycle.steps.items() for each in after]
    steps += [f"    {state} --> [*]" for state in cycle.last]
    rows = [
        f"| {words(state)} | {', '.join(map(words, following)) or 'nothing: it is over'} |"
        for state, following in cycle.steps.items()
    ]
    drawn = "\n".join(["```mermaid", "stateDiagram-v2", *steps, "```"])
    table = "\n".join(["| what is | becomes |", "|---|---|", *rows])
    about = f"{cycle.about}\n\n" if cycle.about else ""
    return f"\n## {cycle.noun.capitalize()}\n\n{about}{drawn}\n\n{table}\n"


def _roles_page() -> str:
    """Say what each role looks after; a module beside this one makes the page."""
    spec = spec_from_file_location("roles_page", Path(__file__).parent / "roles_page.py")
    assert spec is not None  # it lies beside this file
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.page())


PAGES: dict[str, Callable[[], str]] = {
    "kinds.md": kinds,
    "keys.md": keys,
    "functions.md": functions,
    "settings.md": settings,
    "commands.md": commands,
    "states.md": life_cycles,
    "roles.md": _roles_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
