"""English from the bound policy: each text is a pass over the tree, so it cannot drift from it."""

from pmo_engine.prose.alterations import alteration_in_words, considered_in_words
from pmo_engine.prose.expressions import in_words, truth_in_words, with_values
from pmo_engine.prose.names import path_in_words
from pmo_engine.prose.procedures import action_in_words, moment_in_words
from pmo_engine.prose.rules import obligation_in_words, passing_in_words, reasons, rule_in_words
from pmo_engine.prose.tables import answer_in_words, cell_in_words, row_in_words
from pmo_engine.prose.values import joined, value_in_words

__all__ = [
    "action_in_words",
    "alteration_in_words",
    "answer_in_words",
    "cell_in_words",
    "considered_in_words",
    "in_words",
    "joined",
    "moment_in_words",
    "obligation_in_words",
    "passing_in_words",
    "path_in_words",
    "reasons",
    "row_in_words",
    "rule_in_words",
    "truth_in_words",
    "value_in_words",
    "with_values",
]
