"""Gates: what is under review, what was found, judged and shown, and what it was decided on."""
