"""Pages of a search: results, completion, saved searches."""
