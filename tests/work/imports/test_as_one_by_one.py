"""What an import decides, whatever its portions, is what is decided row by row."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmo_engine.testing import World
from pmo_engine.work.imports import importing
from pmo_engine.work.imports.importing import Sheet, bring_in
from pmo_engine.work.records.submission import submit
from tests.policies import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

CITY = Path(__file__).parents[2] / "stories" / "city.yaml"
REGISTER = "change_requests"
NUMBER = count(1)
COST = st.sampled_from([None, 1, 60_000, 240_000])
ROWS = st.lists(st.tuples(st.integers(0, 1), COST), min_size=1, max_size=6)
SUMMED = [(0, 240_000), (1, 1), (0, 240_000), (0, None), (0, 240_000), (1, 60_000)]


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World, Path]]:
    policy, folder = kept(CITY), tmp_path_factory.mktemp("offices")
    made = [World(policy, f"sqlite:///{folder}/{name}.db") for name in ("together", "apart")]
    for world in made:
        world.person("petra", "pmo_head")
        world.person("bo", "portfolio_board")
    yield made[0], made[1], folder
    for world in made:
        world.close()


def became(world: World, projects: list[str]) -> list[Any]:
    """Give all that came of the records of projects, but for ids that are made up."""
    found = []
    with world.governance.reading() as c:
        entries = [each for project in projects for each in c.uow.entries.of_project(project)]
        for entry in sorted(entries, key=lambda each: each.entered):
            decided = c.uow.decisions.of_subject(entry.id)
            asked = c.uow.obligations.of_subject(entry.id)
            waits = c.uow.addressees.of_all([each.id for each in asked])
            found.append(
                [
                    (entry.project, entry.key, entry.standing, entry.version),
                    [each.result.model_dump(mode="json") for each in decided],
                    [c.uow.listings.read(d) for each in decided for d in each.listings.values()],
                    [(each.kind, each.target, each.status, each.due_at) for each in asked],
                    [sorted((w.role, w.person or "") for w in waits[each.id]) for each in asked],
                ]
            )
    lines = [(line.kind, sorted(line.body)) for p in projects for line in world.journal(p)]
    return [found, lines]


@settings(max_examples=8)
@given(ROWS, st.integers(min_value=1, max_value=4))
@example(SUMMED, 4)
@example([(0, 120_000)] * 4, 4)
def test_an_import_is_its_rows_one_by_one(
    offices: tuple[World, World, Path], rows: list[tuple[int, int | None]], portion: int
) -> None:
    together, apart, folder = offices
    projects = [f"P-{next(NUMBER)}" for _ in range(2)]
    for world in (together, apart):
        list(map(world.project, projects))
    said = [(projects[place], "" if cost is None else f"{cost} GBP") for place, cost in rows]
    path = folder / "rows.csv"
    lines = [f"K-{number},{project},{cost}" for number, (project, cost) in enumerate(said)]
    path.write_text("\n".join(["key,project,cost", *lines]) + "\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(importing, "PORTION", portion)
        bring_in(together.governance, Sheet(path, REGISTER), by="petra")
    for number, (project, cost) in enumerate(said):
        fields = {"cost": cost} if cost else {}
        submit(
            apart.governance,
            project=project,
            register=REGISTER,
            fields=fields,
            by="petra",
            key=f"K-{number}",
        )
    assert became(together, projects) == became(apart, projects)
