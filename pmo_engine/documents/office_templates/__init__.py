"""An office's own templates of Word: looked through first, filled in a process with limits."""
