"""What people ask of the office, and is judged as work is: it reads, and changes nothing."""
