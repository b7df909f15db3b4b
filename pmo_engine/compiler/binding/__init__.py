"""From documents to the one bound tree: names resolved, expressions typed, strata found."""
