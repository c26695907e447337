"""Photos that are one tile: RAW with JPEG, bursts, Live Photos, what a phone edited, and what the owner stacked."""
