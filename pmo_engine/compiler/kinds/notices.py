"""Notices."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding import notices
from pmo_engine.compiler.kinds.kind import Kind, part

KIND = Kind(s.Notices, parts=(part("notices", notices.notices),))
