"""Pages of people, their faces, and the review of uncertain faces."""
