from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "duplicates"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from duplicates import history, merging, navigation
        from duplicates.better_copy import remark
        from duplicates.resolving import TARGET
        from duplicates.stages import STAGES
        from mirage.web.navigation import TASKS
        from photos import pipeline
        from photos.first_run import STEPS as FIRST_STEPS
        from photos.ingest import uploads

        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        for name, merge in merging.OWN.items():
            merging.MERGES.add(name, merge)
        ACTION_KINDS.add(TARGET, history.DUPLICATES)
        TASKS.add("duplicates", navigation.DUPLICATES)
        FIRST_STEPS.add("duplicates", navigation.FIRST_STEP)
        uploads.REMARKS.add("duplicates", remark)
