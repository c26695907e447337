"""Public links, their guests, and what guests may do."""
