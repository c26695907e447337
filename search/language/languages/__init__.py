"""Searches in other languages than English, brought into the English that the language reads. No database here."""
