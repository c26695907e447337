"""Where files are stored, and how they are sent and deleted."""
