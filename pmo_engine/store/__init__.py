"""What is kept: tables, the unit of work, the journal, the outbox. All SQL is in this package."""
