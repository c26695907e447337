"""Videos that a browser cannot play as they came, in segments that are made while they are played (HLS)."""
