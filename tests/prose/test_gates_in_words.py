"""A gate as a clause: who opens it, what it asks and of whom, what is recommended."""

import pytest

from pmo_engine.documents import build
from pmo_engine.documents.markdown import markdown
from pmo_engine.testing import policy_from
from tests.stories.test_gate_criteria import POLICY as JUDGED
from tests.stories.test_gate_openings import POLICY as OPENED
from tests.stories.test_gate_outcomes import POLICY as DECIDED


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (OPENED, "It is opened by the PMO head."),
        (
            OPENED,
            "It is opened automatically 4 weeks before the day on which the project's stage ends.",
        ),
        (
            OPENED.replace("of: project.stage_ends_on", "of: project.ends_on"),
            "It is opened automatically 4 weeks before the day on which the project ends.",
        ),
        (
            OPENED.replace("of: project.stage_ends_on", "of: project.due"),
            "It is opened automatically 4 weeks before the day that is the project's due date.",
        ),
        (OPENED, "It is opened automatically when a risk is submitted, if"),
        (OPENED, "It is held again in later stages, and leaves these as they are."),
        (DECIDED, "A decision to pass says which resources it gives."),
        (DECIDED, "Confidence that a project delivers is rated: green, amber, red."),
        (DECIDED, "rated from 4 March 2026 on: green, amber/green, amber, amber/red, red."),
        (JUDGED, "quality is assessed by somebody who performs the role and has no role in the"),
        (
            JUDGED,
            "Must: The money is there (the treasurer says whether it is so), on the evidence of",
        ),
        (JUDGED, "at least 6 of 10, counted 2 times"),
        (JUDGED, "The business case, given by the project manager, no older than 6 months."),
        (JUDGED, "of the risks, given by the treasurer within 1 day"),
    ],
)
def test_a_gate_says_what_it_asks(policy: str, said: str) -> None:
    text = markdown(build(policy_from(policy))).replace("\N{NO-BREAK SPACE}", " ")
    assert said.lower() in text.lower()
