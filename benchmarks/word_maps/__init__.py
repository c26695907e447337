"""What the maps of words learn from and are chosen by: pictures with texts, calibration, vocabulary, dictionary."""
