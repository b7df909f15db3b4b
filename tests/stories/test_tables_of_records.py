"""Records are taken along as a table, and importing it again changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pmo_engine.exchange.record_tables import as_csv, as_workbook
from pmo_engine.testing import World, policy_from
from pmo_engine.work.imports.exporting import rows_of
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.records import moves
from tests.stories.conftest import CITY
from tests.stories.test_life_of_a_record import HAZARDS


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_is_imported_unchanged(
    make_world: Callable[..., World], tmp_path: Path, form: str
) -> None:
    world = make_world(policy_from(CITY.read_text(encoding="utf-8") + HAZARDS))
    world.project("P-1")
    world.person("ana", "project_manager", project="P-1")
    world.person("petra", "pmo_head")
    for cost in ("2000 GBP", "3.50 GBP", "7 GBP"):
        world.submit(
            "P-1", "hazards", by="ana", title="=Ice", cost=cost, owner="ana", due="2026-03-31"
        )
    here = {"project": "P-1", "register": "hazards", "key": "H-3"}
    moves.close(world.governance, **here, to="closed", by="petra", reason="over")
    with world.governance.reading() as c:
        register = c.policy.registers["hazards"]
        rows = list(rows_of(c, "P-1", register))
    assert [(row["key"], row["status"]) for row in rows] == [
        ("H-1", "open"),
        ("H-2", "open"),
        ("H-3", "closed"),
    ]
    path = tmp_path / f"hazards.{form}"
    path.write_bytes(as_csv(register, rows) if form == "csv" else as_workbook(register, rows))
    done = bring_in(world.governance, Sheet(path, "hazards", project="P-1"), by="petra")
    assert (done.added, done.changed, done.unchanged, done.remarks) == (0, 0, 3, ())
    with world.governance.reading() as c:
        assert list(rows_of(c, "P-1", register)) == rows
