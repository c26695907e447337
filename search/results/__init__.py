"""Search results as a listing: their order, headings and pages."""
