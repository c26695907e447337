"""The HTTP API: thin endpoints over the functions that the pages call."""
