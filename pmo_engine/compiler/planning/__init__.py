"""Planning strategies: how one is chosen, and what each plans stage by stage."""
