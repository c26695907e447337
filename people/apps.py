from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from accounts import history
        from people import history as telling
        from people import vectors
        from people.stages import STAGES
        from people.timeline import shared_timeline, timeline
        from photos import pipeline
        from photos.gallery.lists import LISTERS
        from photos.vectors import KINDS, Kind

        LISTERS.add("person", timeline)
        LISTERS.add("shared-person", shared_timeline)
        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        model = vectors.model_name()
        history.register("people", telling.for_history())
        KINDS.add("faces", Kind("faces", "people.Face", model, vectors.dimension(), {"model": model}))
