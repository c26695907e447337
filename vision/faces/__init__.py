"""Faces in a picture: found, aligned, judged, described by a vector."""
