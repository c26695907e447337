"""Commands of the library, and what they show on a terminal."""
