"""Puts the types that the checker found on the nodes of a tree, where every pass reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pmo_engine.feel.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmo_engine.feel.checking.problems import Checked
    from pmo_engine.feel.types import Type


def with_types(node: Node, checked: Checked) -> Node:
    """Give the same tree with types on its nodes, as they were found for the tree or its like.

    What was parsed stays as it is: other expressions may be written alike. The tree that was
    checked may have had values in the place of some calls.
    """
    return _typed(node, checked.types, checked.node)


def _typed(node: Node, types: Mapping[int, Type], like: Node) -> Node:
    type_ = types.get(id(like))
    if type(like) is not type(node):
        return replace(node, static_type=type_)
    parts = [
        _part(getattr(node, name), types, getattr(like, name)) for name in type(node).__slots__
    ]
    return type(node)(*parts, start=node.start, end=node.end, static_type=type_)


def _part(part: Any, types: Mapping[int, Type], like: Any) -> Any:
    if isinstance(part, Node):
        return _typed(part, types, like)
    if not isinstance(part, tuple):
        return part
    return tuple(_part(one, types, other) for one, other in zip(part, like, strict=True))
