from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class SwitchingConfig(AppConfig):
    name = "switching"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from mirage.web.navigation import ADMINISTRATION, Entry
        from photos.first_run import STEPS as FIRST_STEPS
        from photos.pipeline.jobs import JOBS, Job
        from photos.upkeep import CHORES
        from switching import showing
        from switching.acts import KIND, SWITCHES
        from switching.keeping import LONGEST, tidy

        ACTION_KINDS.add(KIND, SWITCHES)
        JOBS.add("read_switch", Job("switching.keeping.read", timeout=int(LONGEST.total_seconds())))
        ADMINISTRATION.add("bring", Entry(_lazy("Bring photos"), "cloud-upload", "switching:switches", 35))
        CHORES.add("switches", tidy)
        FIRST_STEPS.add("switching", showing.FIRST_STEP)
