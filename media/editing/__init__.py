"""Edits of pictures: a list of operations, and what it makes of pixels. Originals stay as they are.

`description` reads and checks the list, `geometry` says which part of the picture is shown and where its points lie,
`tones`, `regions` and `presets` change colours, and `rendering` does it all.
"""
