"""Backups: made while Mirage runs, and brought back."""
