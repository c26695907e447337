"""What the search box proposes while somebody types."""
