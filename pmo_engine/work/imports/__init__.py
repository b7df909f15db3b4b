"""Tables that go into a register."""
