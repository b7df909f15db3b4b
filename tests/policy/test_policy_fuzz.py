"""Whatever a file holds, a check answers with diagnostics, and soon.

A short run here; ``PMO_FUZZ_EXAMPLES=100000 pytest tests/policy/test_policy_fuzz.py`` is longer.
"""

import os
import time
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pmo_engine.policy.loading import check_policy
from pmo_engine.resources import policies_dir, rules_dir

EXAMPLES = int(os.environ.get("PMO_FUZZ_EXAMPLES", "60"))
SECONDS = 5
SOURCES = [
    path.read_text(encoding="utf-8")
    for folder in (
        policies_dir() / "demo",
        policies_dir() / "travel-approvals",
        rules_dir() / "risk",
    )
    for path in sorted(folder.glob("*.yaml"))
]
BASE = Path(__file__).parents[1] / "compile/base"
NAMES = ("policy", "roles", "registers", "ladders", "calendar")
WHOLE = "\n---\n".join((BASE / f"{name}.yaml").read_text(encoding="utf-8") for name in NAMES)
PIECES = st.sampled_from(
    [
        *"{}[]:-,|>&*!%@`'\"#?.()=<~\\\n\t ",
        "\n---\n", ": ", "- ", "null", "true", "''", "1e999999999", "-1", "2026-02-30", "5 EUR",
        "\x00", "\x85", "\u2028", "\ufeff", "é", "\U0001f600", "|2\n", "!!int ",
        "&a ", "*a", "<<: ",
        "kind: policy\n", "kind: rules\n", "when: [", "within: 9999999999 years", "when: 1/0 > 0",
        "((((((((((", "for x in 1..9999999 return x", '@"5 GBP"', "authority(1, 2)", "list<list<",
    ]
)  # fmt: skip
slow = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def check_bytes(folder: Path, data: bytes) -> None:
    (folder / "policy.yaml").write_bytes(data)
    started = time.perf_counter()
    found = check_policy(folder).diagnostics
    assert time.perf_counter() - started < SECONDS
    for item in found:
        assert item.file.endswith((".yaml", str(folder)))
        assert item.line >= 1
        assert item.column >= 1
        assert str(item).encode()
        assert len(item.message) < 1000


@slow
@given(data=st.binary(max_size=300))
@example(data=b"? " * 1000)
@example(data=b"a: " * 100_000)
@example(data=b"{" * 100_000)
@example(data=b"kind: rules\nrules: " + b"[{" * 30)
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    check_bytes(tmp_path, data)


@slow
@given(
    source=st.sampled_from(SOURCES),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=4
    ),
)
def test_a_policy_with_some_of_it_overwritten(
    tmp_path: Path, source: str, changes: list[tuple[float, int, str]]
) -> None:
    text = f"{WHOLE}\n---\n{source}" if "kind: policy\n" not in source else source
    for where, length, piece in changes:
        start = int(where * len(text))
        text = text[:start] + piece + text[start + length :]
    check_bytes(tmp_path, text.encode())


@slow
@given(source=st.sampled_from([WHOLE, *SOURCES]), data=st.data())
def test_a_policy_with_lines_taken_from_elsewhere(
    tmp_path: Path, source: str, data: st.DataObject
) -> None:
    lines = (source if source is WHOLE else f"{WHOLE}\n---\n{source}").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        here = data.draw(st.integers(0, len(lines) - 1))
        lines[here : here + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.sampled_from(lines), max_size=3)
        )
    check_bytes(tmp_path, "\n".join(lines).encode())
