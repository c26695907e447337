"""The pages of the calendar and of memories, and the player."""
