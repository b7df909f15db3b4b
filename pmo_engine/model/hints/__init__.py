"""What somebody meant who wrote a value as a letter would have it."""
