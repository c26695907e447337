from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"

    def ready(self) -> None:
        from accounts.leaving import on_leaving
        from photos import history, pipeline
        from photos.editing import label_changes
        from photos.gallery.lists import LISTERS, LISTINGS, OWN
        from photos.gallery.similar import lister
        from photos.leaving import leave
        from photos.stages import STAGES

        pipeline.register(*STAGES)
        on_leaving(leave)
        history.register_all()
        label_changes.register_all()
        for listing in OWN:
            LISTINGS.add(listing.slug, listing)
        for kind in ("similar", "picture"):
            LISTERS.add(kind, lister(kind))
