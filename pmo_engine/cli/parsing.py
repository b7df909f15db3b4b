"""Commands whose options are said once: of two values for one, the first is not dropped unseen."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption


class _OptionsOnce:
    """Refuses an option that is given twice, unless it takes several values."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what was typed; raises BadParameter for a value that another would replace."""
        whole: Any = super()
        _, _, given = whole.make_parser(ctx).parse_args(args=list(args))
        for each in given:
            if isinstance(each, TyperOption) and _holds_one(each) and given.count(each) > 1:
                raise typer.BadParameter("is given twice; say one value", ctx=ctx, param=each)
        parsed: list[str] = whole.parse_args(ctx, args)
        return parsed


def _holds_one(option: TyperOption) -> bool:
    return not (option.multiple or option.count or option.is_flag)


class Command(_OptionsOnce, TyperCommand):
    """A command."""


class Group(_OptionsOnce, TyperGroup):
    """A group of commands, which may have options of its own."""


class Commands(typer.Typer):
    """Commands together, each as ``Command`` has it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"cls": Group, **more})

    def command(self, name: str | None = None, **more: Any) -> Any:
        """Register a command."""
        return super().command(name, **{"cls": Command, **more})
