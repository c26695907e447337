"""What is done with every photo, in which order, by whom, and how far it is."""
