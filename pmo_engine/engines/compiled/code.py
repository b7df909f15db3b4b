"""What generated code is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pmo_engine.feel import types as t

Names: TypeAlias = Mapping[str, "Code"]


class Unspecialised(Exception):
    """Something that generated code leaves to the reference altogether."""


@dataclass(frozen=True, slots=True)
class Code:
    """Python source of an operand, and the type that its value has (money: its amount).

    That of a parameter ``is_ready``; that of a loop's item is looked at anew each time.
    """

    source: str
    type: t.Type
    is_ready: bool = False
