"""Bringing what a reader found to the photos that are here: planned first, then done, with what undo needs."""
