"""Duplicates: found, compared, reviewed, resolved."""
