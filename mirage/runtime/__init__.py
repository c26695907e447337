"""Running an installation: the supervisor and its programs, workers, Redis, logs."""
