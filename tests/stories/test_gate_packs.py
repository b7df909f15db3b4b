"""What a pack makes of records: many that were only entered are counted, fields are named."""

from collections.abc import Callable

from pmo_engine.prose.figures import fields_in_words
from pmo_engine.roles.registry import roles
from pmo_engine.testing import World, policy_from
from pmo_engine.work.gates.packs import MOST_ENTERED, _changes
from tests.stories.test_gate_criteria import POLICY


def test_of_what_was_only_entered_many_are_counted_and_few_are_listed(
    make_world: Callable[..., World],
) -> None:
    world = make_world(policy_from(POLICY), roles=roles())
    world.project("P-1", stage="plan")
    world.person("ana", "project_manager", project="P-1")
    for number in range(MOST_ENTERED):
        world.submit("P-1", "risks", "ana", title=f"No {number}", probability="1", impact="1")
    with world.governance.reading() as c:
        listed, entered = _changes(c, "P-1", None)
    assert (len(listed), entered) == (MOST_ENTERED, "")
    assert (listed[-1].register_name, listed[-1].note) == ("Risk", "entered on 2 March 2026")
    world.submit("P-1", "risks", "ana", title="One more", probability="1", impact="1")
    with world.governance.reading() as c:
        assert _changes(c, "P-1", None) == ([], f"Entered: {MOST_ENTERED + 1} risks.")


def test_fields_of_records_are_said_by_their_labels(make_world: Callable[..., World]) -> None:
    world = make_world(policy_from(POLICY), roles=roles())
    with world.governance.reading() as c:
        text = "not known: R-1.due_on, X-9.due_on; 3.5 of it"
        said = fields_in_words(text, c.policy, {"R-1": "risks"})
    assert said == "not known: risk R-1's due on, X-9.due_on; 3.5 of it"
