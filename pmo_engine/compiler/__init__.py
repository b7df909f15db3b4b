"""From files to the bound tree: reading, schema, binding, checks, packs."""
