"""Questions about faces of which Mirage is not sure, and their answers."""
