"""Files become facts and pixels: decoding, colour, thumbnails, video, metadata. Knows no Django and no app."""
