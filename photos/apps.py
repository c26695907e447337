from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"

    def ready(self) -> None:
        from accounts.leaving import ON_LEAVING
        from photos import history, pipeline
        from photos.editing import form_readers, label_changes
        from photos.gallery import lists, similar
        from photos.leaving import leave
        from photos.stages import STAGES
        from photos.vectors import kinds

        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        for listing in lists.OWN:
            lists.LISTINGS.add(listing.slug, listing)
        for name in ("similar", "picture"):
            lists.LISTERS.add(name, similar.lister(name))
        for field, reader in {**form_readers.OWN, **label_changes.READERS}.items():
            form_readers.READERS.add(field, reader)
        for kind in kinds.OWN:
            kinds.KINDS.add(kind.name, kind)
        ON_LEAVING.add("photos", leave)
        history.register_all()
