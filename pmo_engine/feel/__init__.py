"""FEEL, as the DMN standard has it: text to nodes, types, values."""
