from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    name = "duplicates"

    def ready(self) -> None:
        from duplicates import history, resolving_many
        from duplicates.better_copy import remark
        from duplicates.stages import STAGES
        from photos import pipeline, upkeep
        from photos.ingest import uploads

        pipeline.register(*STAGES)
        history.register_all()
        upkeep.CHORES.append(resolving_many.resume_unfinished)
        uploads.REMARKS.append(remark)
