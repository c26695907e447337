"""The picture of an open photo: what is in it, where it lies after an edit, and its editor."""
