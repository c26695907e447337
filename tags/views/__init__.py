"""Pages of tags, of tagging a selection, and of teaching a tag."""
