"""A library of a million photos: made, and measured."""
