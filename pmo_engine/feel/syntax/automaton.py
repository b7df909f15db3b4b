"""The parser's automaton: made from ``grammar.lark``, kept beside it, read where it is up to date.

Making it takes as long as reading a thousand expressions. After a change of the grammar, or with
another release of lark, write it anew: ``python -m pmo_engine.feel.syntax.automaton``.
"""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

STARTS = ("start", "unary_tests")
GRAMMAR, KEPT = "grammar.lark", "grammar.json"


def load(transformer: lark.Transformer[Any, Any]) -> lark.Lark:
    """Read the automaton that is kept, or make one; each rule reduced goes to ``transformer``."""
    kept = json.loads(_read(KEPT), object_hook=_with_numbers)
    if kept["made_of"] != made_of():
        return make(transformer)
    # As the parsers do that lark's own generator of stand-alone ones writes.
    read: Any = lark.Lark._load_from_dict  # noqa: SLF001
    return cast("lark.Lark", read(kept["data"], kept["memo"], transformer=transformer))


def make(transformer: lark.Transformer[Any, Any] | None = None) -> lark.Lark:
    """Make the automaton from the grammar."""
    return lark.Lark(
        _read(GRAMMAR),
        parser="lalr",
        start=list(STARTS),
        transformer=transformer,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def made_of() -> dict[str, str]:
    """Say which grammar and which lark an automaton made now would come from."""
    return {"grammar": sha256(_read(GRAMMAR).encode()).hexdigest(), "lark": lark.__version__}


def written() -> str:
    """Give the text of the file in which an automaton is kept."""
    data, memo = make().memo_serialize([TerminalDef, Rule])
    kept = {"made_of": made_of(), "data": data, "memo": memo}
    return json.dumps(kept, separators=(",", ":"), sort_keys=True) + "\n"


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _with_numbers(entries: dict[str, Any]) -> dict[str | int, Any]:
    """Give states and rules their numbers back, which are texts in JSON."""
    return {int(name) if name.isdigit() else name: each for name, each in entries.items()}


if __name__ == "__main__":
    cast("Path", files(__package__).joinpath(KEPT)).write_text(written(), encoding="utf-8")
