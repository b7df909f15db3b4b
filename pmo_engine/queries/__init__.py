"""What faces show: typed, filtered and sorted in the database; nothing here writes."""
