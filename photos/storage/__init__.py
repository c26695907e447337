"""Where files lie, how they are kept, sent and deleted."""
