"""English from the bound policy: each text is a pass over the tree, so it cannot drift from it."""
