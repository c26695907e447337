"""Words find pictures: DINOv2's vectors of pictures and MiniLM's of texts, brought into one space by small maps.

`query.read` turns what somebody typed into a query. `library.Library` scores pictures for it, and estimates how likely
each one shows it and whether any does. maps.md, beside this file, describes the maps; docs/measured/words.md has the
measurements.
"""
