"""Lists of records that are asked for by name, and what records have to be."""

from __future__ import annotations

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.kinds.kind import Kind, part
from pmo_engine.compiler.registers import lists

VIEWS = Kind(s.Views, parts=(part("views", lists.views, "registers figures"),))
QUALITY = Kind(s.Quality, parts=(part("quality", lists.quality, "registers figures"),))
