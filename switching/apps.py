from django.apps import AppConfig


class SwitchingConfig(AppConfig):
    name = "switching"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from photos.pipeline.jobs import JOBS, Job
        from photos.upkeep import CHORES
        from switching.acts import KIND, SWITCHES
        from switching.keeping import tidy

        ACTION_KINDS.add(KIND, SWITCHES)
        JOBS.add("read_switch", Job("switching.keeping.read", timeout=6 * 3600))
        CHORES.add("switches", tidy)
