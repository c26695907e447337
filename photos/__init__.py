"""The photo library: importing photos, storing them, and the gallery that shows them."""
