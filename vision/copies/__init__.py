"""Whether two pictures are the same one, told without opening them."""
