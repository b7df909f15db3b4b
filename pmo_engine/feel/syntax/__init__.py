"""From text to nodes: the grammar, its automaton, and hints about what was meant."""
