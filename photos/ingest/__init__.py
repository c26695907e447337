"""How files become photos: uploads, folders, watched folders, sidecars."""
