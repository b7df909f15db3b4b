"""FEEL, the expression language of the DMN standard: text to nodes, types, values."""
