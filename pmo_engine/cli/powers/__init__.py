"""Commands about authority: who may decide what, and what keeps people from it."""
