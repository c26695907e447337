"""What pages show: lists, tiles, calendar, map, stacks, comments, what looks alike."""
