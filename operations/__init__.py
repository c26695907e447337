"""Running an installation: backups, checks, scheduled tasks, health, metrics, the administration's dashboard."""
