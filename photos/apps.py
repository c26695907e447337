from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"

    def ready(self) -> None:
        from accounts.leaving import on_leaving
        from photos import history, pipeline
        from photos.editing import label_changes
        from photos.gallery.similar import lister
        from photos.gallery.timeline import LISTERS
        from photos.leaving import leave
        from photos.stages import STAGES

        pipeline.register(*STAGES)
        on_leaving(leave)
        history.register_all()
        label_changes.register_all()
        for kind in ("similar", "picture"):
            LISTERS.add(kind, lister(kind))
