"""Tags as a tree, keywords from files, and tags that learn from examples."""
