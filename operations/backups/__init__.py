"""Backups: making them while Mirage runs, and restoring them."""
