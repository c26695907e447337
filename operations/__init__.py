"""Running an installation: backups, checks, scheduled tasks, health, metrics, the admin's dashboard."""
