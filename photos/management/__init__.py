"""The library's commands, and how they show progress on a terminal."""
