"""What brings a store to the tables of this version of the program."""
