"""Pages for reviewing duplicates, one group at a time or many at once."""
