"""One reader for each way in which files carry metadata: EXIF, IPTC, XMP, PNG chunks, containers, Takeout's JSON."""
