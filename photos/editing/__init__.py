"""Editing one photo or thousands, and writing the edits into sidecars and files."""
