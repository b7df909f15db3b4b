"""English from the bound policy: each text is a pass over the tree, so it cannot drift from it."""

from pmo_engine.policy.prose.expressions import in_words, with_values
from pmo_engine.policy.prose.rules import obligation_in_words, reasons, rule_in_words
from pmo_engine.policy.prose.values import value_in_words

__all__ = [
    "in_words",
    "obligation_in_words",
    "reasons",
    "rule_in_words",
    "value_in_words",
    "with_values",
]
