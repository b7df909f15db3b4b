"""What a name on a command is worth: accounts of the machine; and which folder binds."""

from functools import partial
from typing import Any

import pytest

from pmo_engine.model.acts import UNNAMED
from pmo_engine.testing import World
from pmo_engine.testing.at_once import Failed, at_once
from pmo_engine.testing.world import policy_from
from pmo_engine.work.errors import CommandError, Refusal
from pmo_engine.work.governance import SYSTEM, Governance
from pmo_engine.work.notices.sweep import sweep
from pmo_engine.work.people.accounts import map_account
from pmo_engine.work.people.appointments import hold
from pmo_engine.work.people.people import change_person
from pmo_engine.work.records.submission import submit
from pmo_engine.work.versions.coming_into_force import bring_into_force
from tests.policies import kept
from tests.stories.conftest import DATABASES

from .conftest import CITY

pytestmark = DATABASES

HOST = "town-1"


def through(world: World, account: str | None, policy: Any = None) -> Governance:
    """Give what commands work under that come in by an account, or with another folder."""
    made = Governance(
        world.database,
        world.clock,
        {},
        "compiled",
        lambda: policy or world.policy,
        bring_into_force,
        account,
    )
    made.begin()
    return made


def last(world: World, chain: str = "office") -> Any:
    with world.database.read() as uow:
        return uow.journal.read(chain)[-1]


def change(by: str, cost: str = "5 GBP") -> Any:
    return partial(submit, project="P-1", register="changes", fields={"cost": cost}, by=by)


def test_the_journal_tells_the_account_of_every_command(world: World) -> None:
    change("ana")(through(world, f"sousa@{HOST}"))
    assert last(world, "P-1").through == f"sousa@{HOST}"
    with pytest.raises(Refusal):
        change("zoe")(through(world, f"eve@{HOST}"))
    line = last(world)
    assert (line.kind, line.actor, line.through) == ("refused", "zoe", f"eve@{HOST}")
    change("ana")(through(world, None))
    assert last(world, "P-1").through is None


def mapped(world: World, account: str = f"sousa@{HOST}", **more: Any) -> Any:
    return map_account(world.governance, person="ana", account=account, by="bo", **more)


def test_an_account_that_is_somebodys_acts_under_no_other_name(world: World) -> None:
    assert mapped(world).changed
    line = last(world)
    body = {"person": "ana", "account": f"sousa@{HOST}"}
    assert (line.kind, line.actor, line.body) == ("account.given", "bo", body)
    with pytest.raises(Refusal, match=f"the account sousa@{HOST} is Ana's, who does not act as Bo"):
        change("bo")(through(world, f"sousa@{HOST}"))
    assert (last(world).kind, last(world).through) == ("refused", f"sousa@{HOST}")
    assert change("ana")(through(world, f"sousa@{HOST}")).key == "CR-1"


def test_who_has_an_account_acts_from_no_other(world: World) -> None:
    mapped(world)
    said = f"Ana acts from the account sousa@{HOST}, and not from eve@{HOST}"
    with pytest.raises(Refusal, match=said):
        change("ana")(through(world, f"eve@{HOST}"))
    change("bo")(through(world, f"eve@{HOST}"))  # nobody's account, somebody who has none


def test_an_account_of_any_machine(world: World) -> None:
    mapped(world, "sousa")
    mapped(world, "ana")
    assert change(UNNAMED)(through(world, f"sousa@{HOST}")).key == "CR-1"
    assert last(world, "P-1").actor == "ana"
    change("ana")(through(world, "ana@elsewhere"))


def test_without_a_name_the_account_has_to_be_somebodys(world: World) -> None:
    for account in (f"eve@{HOST}", None):
        with pytest.raises(CommandError, match="Missing option '--by': the account"):
            change(UNNAMED)(through(world, account))
    mapped(world)
    with pytest.raises(Refusal, match="nobody here is called ''"):
        change("")(through(world, f"sousa@{HOST}"))


def test_the_engine_itself_comes_in_by_any_account(world: World) -> None:
    mapped(world)
    sweep(through(world, f"sousa@{HOST}"), by=SYSTEM)


def test_an_account_is_one_persons_and_may_be_taken(world: World) -> None:
    mapped(world)
    assert not mapped(world).changed
    with pytest.raises(CommandError, match="is Ana's; take it from them first"):
        map_account(world.governance, person="petra", account=f"sousa@{HOST}", by="bo")
    with pytest.raises(CommandError, match="account 'a b ': a blank at an end"):
        mapped(world, "a b ")
    assert mapped(world, taken=True).person is None
    assert last(world).kind == "account.taken"
    assert not mapped(world, taken=True).changed
    change("bo")(through(world, f"sousa@{HOST}"))


def test_whose_an_account_is_is_not_for_everybody_to_say(world: World) -> None:
    world.submit("P-1", "changes", by="ana", cost="5 GBP")
    for by in ("ana", "petra"):
        with pytest.raises(Refusal, match=f"{by.title()} may not map account"):
            map_account(world.governance, person="bo", account="eve", by=by)


def test_an_account_given_to_two_at_once_is_ones(world: World) -> None:
    first, second = at_once(
        world,
        partial(map_account, person="ana", account="eve", by="bo"),
        partial(map_account, person="petra", account="eve", by="bea"),
    )
    assert sorted([isinstance(first, Failed), isinstance(second, Failed)]) == [False, True]
    with world.database.read() as uow:
        assert len(uow.settings.beginning_with("account/")) == 1


def laxer() -> Any:
    """The town's policy by somebody who would rather approve everything themselves."""
    text = CITY.read_text(encoding="utf-8")
    return policy_from(text.replace("value: 50000 GBP", "value: 9000000 GBP"))


def test_until_work_begins_any_folder_binds(world: World) -> None:
    made = change("ana", "60000 GBP")(through(world, None, laxer()))
    assert made.decision.policy.digest == laxer().digest


def test_another_folder_decides_nothing_about_live_records(world: World) -> None:
    change("bo", "5 GBP")(world.governance)
    other = through(world, None, laxer())
    assert other.folder_aside() is not None
    made = change("ana", "60000 GBP")(other)
    assert made.decision.policy.digest == world.policy.digest
    assert {o.role for o in made.decision.obligations} == {"pmo_head"}
    sweep(other, by=SYSTEM)
    assert [line.kind for line in journal(world)] == []


def journal(world: World) -> list[Any]:
    with world.database.read() as uow:
        lines = uow.journal.read("office")
    return [line for line in lines if line.kind == "policy.folder_changed"]


def test_who_may_adopt_a_policy_takes_a_folder_over(world: World) -> None:
    change("ana", "5 GBP")(world.governance)
    other = through(world, None, laxer())
    change_person(other, person="ana", name="Ana Sousa", by="bo")
    [line] = journal(world)
    assert line.actor == "bo"
    assert [line.body[key]["digest"] for key in ("from", "to")] == [
        world.policy.digest,
        laxer().digest,
    ]
    assert change("ana", "60000 GBP")(other).decision.policy.digest == laxer().digest
    assert other.folder_aside() is None
    assert world.governance.folder_aside() is not None  # to whom the folder is as it was


def test_a_refused_command_takes_nothing_over(world: World) -> None:
    change("ana", "5 GBP")(world.governance)
    other = through(world, None, laxer())
    with pytest.raises(CommandError):
        change_person(other, person="bo", by="bo")
    with pytest.raises(Refusal):
        hold(other, person="bo", role="pmo_head", by="bo")
    assert journal(world) == []
    made = change("ana", "60000 GBP")(other)
    assert made.decision.policy.digest == world.policy.digest


def test_the_same_folder_read_again_is_the_same(world: World) -> None:
    change("ana", "5 GBP")(world.governance)
    again = through(world, None, kept(CITY))
    change("ana", "6 GBP")(again)
    assert journal(world) == []
