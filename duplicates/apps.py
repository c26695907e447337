from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "duplicates"

    def ready(self) -> None:
        from duplicates import history, merging, resolving_many
        from duplicates.better_copy import remark
        from duplicates.stages import STAGES
        from photos import pipeline, upkeep
        from photos.ingest import uploads

        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        for name, merge in merging.OWN.items():
            merging.MERGES.add(name, merge)
        history.register_all()
        upkeep.CHORES.add("duplicates", resolving_many.resume_unfinished)
        uploads.REMARKS.add("duplicates", remark)
