"""The library itself: photos, how they come in, where they are kept, and the gallery that shows them."""
