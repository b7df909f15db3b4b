"""The codes of diagnostics: the page of each, as the reference has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pmo_engine.resources import diagnostics_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXAMPLE = re.compile(r"^```yaml (bad|good)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"(?:PMO)?0*(\d{1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to know about a code; ``text`` is the whole page in Markdown."""

    code: str
    title: str
    about: str
    bad: str
    good: str
    text: str


@cache
def pages() -> Mapping[str, Page]:
    """Give the page of every code, in their order."""
    found = sorted(diagnostics_dir().glob("PMO*.md"))
    return {path.stem: _page(path.stem, path.read_text(encoding="utf-8")) for path in found}


def _page(code: str, text: str) -> Page:
    title, _, rest = text.removeprefix(f"# {code}: ").partition("\n")
    examples = dict(_EXAMPLE.findall(rest))
    about = rest.partition("```")[0].strip()
    return Page(code, title, about, examples.get("bad", ""), examples.get("good", ""), text)


def code_of(written: str) -> str:
    """Give a code as pages have it, for ``pmo22`` or ``22`` as well."""
    found = _NUMBER.fullmatch(written.strip())
    return f"PMO{int(found[1]):03}" if found else written
