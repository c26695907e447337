"""Faces in a picture: found, aligned, rated, described by a vector."""
