"""Words find pictures: DINOv2's vectors of pictures and MiniLM's of texts, brought into one space by small maps.

`query.read` makes a query of what somebody typed; `library.Library` scores pictures for it, and says how likely each
shows it and whether any does. The maps' card is maps.md beside this file; what was measured: docs/measured/words.md.
"""
