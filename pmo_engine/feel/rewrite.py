"""Changing a tree from the bottom up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pmo_engine.feel.nodes import Node


def rewrite(node: Node, change: Callable[[Node], Node]) -> Node:
    """Give the tree with ``change`` made to every node, its parts first; itself where none is."""
    parts = {name: getattr(node, name) for name in type(node).__slots__}
    changed = {name: _rewritten(part, change) for name, part in parts.items()}
    if any(changed[name] is not part for name, part in parts.items()):
        node = replace(node, **changed)
    return change(node)


def _rewritten(part: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(part, Node):
        return rewrite(part, change)
    if not isinstance(part, tuple):
        return part
    changed = tuple(_rewritten(each, change) for each in part)
    return changed if any(new is not old for new, old in zip(changed, part, strict=True)) else part
