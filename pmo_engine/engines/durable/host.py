"""The one module that touches durable_rules: rulesets in, names of rules that fired out.

What it keeps to was measured on durable_rules 2.0.28: facts only, a session for each run, a
sentinel in every ruleset, one thread at a time, and no more than 60 rules in a ruleset.
"""

from __future__ import annotations

import logging
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# More than 64 rules made ready by one assertion end in an error with nothing fired.
CAPACITY = 60
SENTINEL = "sentinel"
CLOSING = {"kind": "evaluate"}


class BackendUnavailable(RuntimeError):
    """durable_rules cannot be loaded by this Python."""


class HostError(RuntimeError):
    """durable_rules did not do what was asked: nothing it said may be used."""


class Host:
    """A durable_rules host of its own; whoever calls it holds a lock, and it never forks."""

    def __init__(self) -> None:
        """Load the library; raises BackendUnavailable."""
        self._engine = _load()
        self._host = _quiet_host(self._engine)
        self._names = count(1)
        self._sessions = count(1)
        self._fired: list[str] = []

    def add(self, rules: Mapping[str, Mapping[str, Any]]) -> str:
        """Make a ruleset of patterns over one fact each, and give its name."""
        if len(rules) >= CAPACITY:
            raise HostError(f"{len(rules)} rules and the sentinel are more than {CAPACITY}")
        name = f"rules{next(self._names)}"
        patterns = {**rules, SENTINEL: CLOSING}
        self._host.set_rulesets(
            {name: {rule: self._definition(rule, pattern) for rule, pattern in patterns.items()}}
        )
        return name

    def run(self, ruleset: str, facts: Sequence[Mapping[str, Any]]) -> list[list[str]]:
        """Assert ``facts`` in a session of their own; give for each the rules that it fired."""
        session = str(next(self._sessions))
        found = [
            self._assert(ruleset, {**fact, "id": number, "sid": session})
            for number, fact in enumerate((*facts, CLOSING))
        ]
        if found.pop() != [SENTINEL]:
            # A state that fired nothing may not be deleted either: the library would crash.
            raise HostError(f"{ruleset}: the closing fact did not end the evaluation")
        self._host.delete_state(ruleset, session)
        return found

    def close(self) -> None:
        """Free what the library holds; it would keep it for as long as the process lives."""
        for ruleset in self._host._ruleset_list:  # noqa: SLF001 - it has no public way
            self._engine.durable_rules_engine.delete_ruleset(ruleset._handle)  # noqa: SLF001 - the same
        self._host._ruleset_list.clear()  # noqa: SLF001 - the same
        self._host._ruleset_directory.clear()  # noqa: SLF001 - the same

    def _definition(self, rule: str, pattern: Mapping[str, Any]) -> dict[str, Any]:
        return {"all": [{"m": pattern}], "run": self._action(rule)}

    def _action(self, rule: str) -> Callable[[Any], None]:
        # Exactly one parameter: a second one would make it an asynchronous action.
        def fired(_context: Any) -> None:
            self._fired.append(rule)

        return fired

    def _assert(self, ruleset: str, fact: dict[str, Any]) -> list[str]:
        self._fired = []
        try:
            state = self._host.assert_fact(ruleset, fact)
        except self._engine.MessageNotHandledException:
            return []  # no rule matched it, which is an answer
        except self._engine.MessageObservedException:
            raise HostError(f"{ruleset}: a fact was asserted twice") from None
        except Exception as error:
            raise HostError(f"{ruleset}: durable_rules failed: {error}") from error
        if state and "exception" in state:
            raise HostError(f"{ruleset}: {state['exception']}")
        return self._fired


def _load() -> Any:
    try:
        from durable import engine  # noqa: PLC0415 - does not load on Python 3.13
    except ImportError:
        raise BackendUnavailable(
            "the durable engine needs Python 3.11 or 3.12, as durable_rules does not load on "
            "this one; use the compiled engine"
        ) from None
    # What goes wrong in it is raised as well: nobody needs to read its traceback.
    logging.getLogger("durable").addHandler(logging.NullHandler())
    # Theirs warns at every firing since Python 3.12; they only take differences.
    engine._unix_now = monotonic  # noqa: SLF001 - it has no public way
    return engine


def _quiet_host(engine: Any) -> Any:
    class Quiet(engine.Host):  # type: ignore[misc] # the library has no types
        def _run(self) -> None:
            """Start no timer threads: we use no timers, and they touch the state."""

    return Quiet()
