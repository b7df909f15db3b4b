"""Fills a template, in a process of its own: what it may use of time and memory ends.

Reads a line of JSON and the template from its standard input, and writes a line of JSON and the
document. Nothing of the program is in reach of a template: it sees texts, lists and mappings.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from base64 import b64decode
from contextlib import suppress
from io import BytesIO
from typing import Any

from jinja2 import StrictUndefined
from jinja2.exceptions import (
    SecurityError,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

MEMORY = 1 << 30
FILTERS = ("capitalize", "default", "first", "join", "last", "length", "lower", "title", "upper")
PIXEL = 9525  # in the units of Word's pictures
TOLD = (TemplateError, SecurityError, RecursionError, MemoryError, OverflowError, TypeError)
_NO_PART = re.compile(r"^'dict object' has no attribute '(\w+)'")


def main() -> None:
    """Fill one template."""
    given = json.loads(sys.stdin.buffer.readline())
    context, seconds = given["context"], given["seconds"]
    with suppress(ValueError, OSError):  # less was allowed already
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        filled, wrong = _filled(sys.stdin.buffer.read(), context), ""
    except TOLD as error:
        filled, wrong = b"", in_words(error, context)
    except Exception as error:  # noqa: BLE001 - what a library makes of a strange document
        filled, wrong = b"", f"it cannot be filled: {type(error).__name__}: {error}"[:300]
    sys.stdout.buffer.write(json.dumps({"wrong": wrong}).encode() + b"\n" + filled)


def _filled(data: bytes, context: dict[str, Any]) -> bytes:
    from docxtpl import DocxTemplate  # noqa: PLC0415 - after the limits are set

    template = DocxTemplate(BytesIO(data))
    template.init_docx()
    for section in context["sections"]:
        section["pictures"] = [_picture(template, each) for each in section["pictures"]]
    template.render(context, sandbox(), autoescape=True)
    out = BytesIO()
    template.save(out)
    return out.getvalue()


def sandbox() -> ImmutableSandboxedEnvironment:
    """Give what a template runs in: a few filters, no functions, and no field that there is not."""
    made = _Sandbox(undefined=StrictUndefined, autoescape=True)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


class _Sandbox(ImmutableSandboxedEnvironment):
    """Lets a template read fields, and call nothing."""

    intercepted_binops = frozenset({"*", "**"})

    def call(self, *_: Any, **__: Any) -> Any:
        raise SecurityError("a template calls nothing")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, int | float) and isinstance(right, int | float) and operator == "*":
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"'{operator}' is of numbers alone")


def _picture(template: Any, picture: dict[str, Any]) -> Any:
    from docxtpl import InlineImage  # noqa: PLC0415 - the same

    class Described(InlineImage):  # type: ignore[misc]
        """A picture that says in words what it shows."""

        def _insert_image(self) -> str:
            part = self.tpl.current_rendering_part
            inline = part.new_pic_inline(self.image_descriptor, self.width, None)
            inline.docPr.set("title", picture["title"])
            inline.docPr.set("descr", picture["about"])
            drawing = f"<w:drawing>{inline.xml}</w:drawing>"
            after = '<w:r><w:t xml:space="preserve">'
            return f"</w:t></w:r><w:r>{drawing}</w:r>{after}"

    dots = BytesIO(b64decode(picture["png"]))
    return Described(template, dots, width=PIXEL * picture["width"])


def in_words(error: BaseException, context: dict[str, Any]) -> str:
    """Say what is wrong with a template, for whoever wrote it."""
    match error:
        case UndefinedError():
            known = ", ".join(sorted(context))
            if lacks := _NO_PART.search(str(error.message)):
                figures = ", ".join(sorted(context["figures"])) or "none"
                known = f"figures are {figures}"
                return f"it asks for what a report does not have: no '{lacks[1]}' ({known})"
            return f"it asks for what a report does not have: {error.message} (there are {known})"
        case TemplateSyntaxError():
            return f"a tag cannot be read: {error.message}"
        case SecurityError():
            return f"it asks for what no template may have: {error}"
        case RecursionError() | MemoryError() | OverflowError():
            return "it asks for more than a template may use"
        case TypeError() if "no loader" in str(error):
            return "a template includes, imports and extends nothing"
        case _:
            return f"it cannot be filled: {error}"


if __name__ == "__main__":
    main()
