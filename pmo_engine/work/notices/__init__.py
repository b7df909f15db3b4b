"""Who is told, in which words, when; reminders, escalations, delivery."""
