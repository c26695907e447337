"""What runs an installation: the supervisor, its programs, workers, Redis, logs."""
