"""The bell, the list of notices, and what a user wants to be told."""
