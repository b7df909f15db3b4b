"""What a project management office is made of: pure values, no side effects."""
