"""Counts that are kept because making them takes too long. Triggers note what changed; only that is counted again."""
