"""Finding the faces in photos, and scanning a library again when its models change."""
