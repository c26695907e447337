"""Switching from another program: its people, albums, tags, ratings and the like come to the photos that are here."""
