"""The records of all registers, with every version of each, and what limits add up of them."""
