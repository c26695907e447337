"""Pictures made from others to test duplicates: edits, which are versions, and composites and near misses."""
