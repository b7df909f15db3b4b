"""Commands about projects, programmes and offices."""
