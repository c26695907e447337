"""Faces, the people they belong to, and what their owner decided about them."""
