from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"

    def ready(self) -> None:
        from accounts.leaving import on_leaving
        from photos import history
        from photos.gallery.similar import lister
        from photos.gallery.timeline import LISTERS
        from photos.leaving import leave

        on_leaving(leave)
        history.register_all()
        for kind in ("similar", "picture"):
            LISTERS[kind] = lister(kind)
