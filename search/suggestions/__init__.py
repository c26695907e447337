"""What the search field proposes while somebody types."""
