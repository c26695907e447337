"""The tree of tags, keywords from files, and tags that learn from examples."""
