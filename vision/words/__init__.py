"""Words find pictures: DINOv2's vectors of pictures and MiniLM's of texts, brought into one space by small maps.

`query.place` turns what somebody typed into a vector, `library.Library` holds the pictures, `chances` says how likely
each shows it, and whether any does. The card of the maps: docs/measured/words.md.
"""
