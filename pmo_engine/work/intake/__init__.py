"""What becomes of approved records of an office: projects before their first gate, and changes."""
