"""Photos that are alike: what looks like a photo, like a picture or like words, the most alike first."""
