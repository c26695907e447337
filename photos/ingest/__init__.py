"""Files become photos: uploads, folders, watched folders, sidecars."""
