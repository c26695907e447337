"""What pixels mean: colour spaces, profiles, depth, crops and the small hash of a picture."""
