"""The pages of the administration, and those for monitoring."""
