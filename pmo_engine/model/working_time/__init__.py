"""Working time: an office's days, hours and holidays, and deadlines counted in them."""
