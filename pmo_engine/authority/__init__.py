"""Who may do which act, up to how much, at a moment: holders, limits and what is left of them."""
