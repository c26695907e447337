"""Pages of tags, of tagging chosen photos, and of teaching a tag."""
