"""What belongs together, whatever it is called and whenever it comes: files beside each other, edits of a phone."""
