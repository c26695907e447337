from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from accounts import history
        from people import history as telling
        from people import vectors
        from people.timeline import shared_timeline, timeline
        from photos.gallery.timeline import LISTERS
        from photos.vectors import Kind, register

        LISTERS["person"] = timeline
        LISTERS["shared-person"] = shared_timeline
        model = vectors.model_name()
        history.register("people", telling.for_history())
        register(Kind("faces", "people.Face", model, vectors.dimension(), {"model": model}))
