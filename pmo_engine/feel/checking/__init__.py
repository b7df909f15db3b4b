"""Types of expressions before anything runs, and what is wrong with them."""
