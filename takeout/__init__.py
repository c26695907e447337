"""Importing a Google Takeout or an iCloud export."""
