"""What a check of a policy would say of tables that were read from a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.loading import bind
from pmo_engine.compiler.reading import read_text
from pmo_engine.exchange.dmn.yaml_text import tables_in_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pmo_engine.source.diagnostics import Diagnostic

MOST = 5  # of one table that are told
_HEADER = "kind: policy\nname: model\nversion: '1'\ncurrency: {currency}\n---\n"


def refused(tables: Sequence[dict[str, Any]], currency: str) -> Iterator[str]:
    """Say for each table what keeps a check from accepting it."""
    header = _HEADER.format(currency=currency)
    texts = [tables_in_yaml([table]) for table in tables]
    whole = header + "---\n".join(texts)
    errors = [each for each in _diagnostics(whole) if each.severity == "error"]
    first = header.count("\n") + 1
    for table, text in zip(tables, texts, strict=True):
        end = first + text.count("\n") + 1
        yield from _told(table, [each for each in errors if first <= each.line < end])
        first = end


def _diagnostics(text: str) -> Sequence[Diagnostic]:
    path = Path("tables.yaml")
    return bind(read_text(text, path.name), path).diagnostics


def _told(table: dict[str, Any], errors: Sequence[Diagnostic]) -> Iterator[str]:
    hints = [f" ({error.hint})" if error.hint else "" for error in errors]
    said = list(
        dict.fromkeys(error.message + hint for error, hint in zip(errors, hints, strict=True))
    )
    for each in said[:MOST]:
        yield f"'{table['title']}' has to be mended: {each}"
    if len(said) > MOST:
        yield f"'{table['title']}' has {len(said) - MOST} more faults, which a check tells"
