"""Finding the faces in photos, and looking at a library again when its models change."""
