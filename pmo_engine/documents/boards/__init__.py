"""What is put before boards."""
