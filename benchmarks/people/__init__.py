"""Faces: how fast they are found, which rules help, and a library to try them on."""
