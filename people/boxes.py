"""Boxes of faces: those of all pictures."""

from photos.boxes import Box, overlap

__all__ = ["Box", "overlap"]
