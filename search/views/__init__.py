"""Pages of the search: results, completion, saved searches."""
