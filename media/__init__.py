"""Reading files: decoding, colour, thumbnails, video, metadata. Imports neither Django nor an app."""
