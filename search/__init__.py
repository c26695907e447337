"""Searching the library: the language, the index, facets, completion, saved searches."""
