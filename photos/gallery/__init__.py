"""What the gallery's pages show: lists, tiles, calendar, map, stacks, comments, similar photos."""
