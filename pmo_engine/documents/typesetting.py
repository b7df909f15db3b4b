"""What is typeset by Typst: with its own fonts, so that all machines give the same bytes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ALONE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""
SHARP = 144.0  # dots to the inch


def typeset(
    template: bytes, inputs: Mapping[str, str], form: Literal["pdf", "png"], **more: Any
) -> bytes:
    """Set a template with data; it has no files and no network to read from."""
    import typst  # noqa: PLC0415 - a compiler, slow to load

    made = typst.compile(
        template, sys_inputs=dict(inputs), format=form, font_paths=_fonts(), timestamp=0, **more
    )
    assert isinstance(made, bytes)  # of one page, or a whole document
    return made


def png(svg: str) -> bytes:
    """Draw a picture that is SVG as dots, for what takes no SVG."""
    return typeset(ALONE, {"svg": svg}, "png", ppi=SHARP)


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415 - the same

    return typst.Fonts(include_system_fonts=False)
