"""The pages of the gallery: timeline, photo, map, calendar, upload, editing."""
