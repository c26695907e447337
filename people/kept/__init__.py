"""What is kept of people so that pages need not look at all their faces: numbers, and photos in order."""
