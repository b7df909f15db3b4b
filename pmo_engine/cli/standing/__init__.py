"""Commands that say how projects stand: portfolio, figures, functional roles."""
