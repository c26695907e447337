"""What photos and videos say about themselves: time, place, camera, words. `docs/build/metadata.md` has the precedence.

The entry point is `reading.read`. Nothing is imported here, so that code that needs only time zones does not load
decoders.
"""
