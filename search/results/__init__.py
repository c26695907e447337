"""What a search found, as a list of the gallery: its order, its headings, its pages."""
