"""What photos and videos say of themselves: time, place, camera, words. `docs/build/metadata.md` has the precedence.

`reading.read` is the way in; nothing is imported here, so that who needs only time zones does not load the decoders.
"""
