"""The doors to albums, and to what is shared."""

from mirage.web.navigation import Entry

ALBUMS = Entry("Albums", "album", "albums:albums", 30, on_phone=True)
SHARING = Entry("Sharing", "share-2", "albums:sharing", 60)
