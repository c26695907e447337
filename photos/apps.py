from django.apps import AppConfig


class PhotosConfig(AppConfig):
    name = "photos"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from accounts.leaving import ON_LEAVING
        from photos import history, navigation, pipeline
        from photos.editing import form_readers, label_changes, turning
        from photos.gallery import explore, folder_view, lists
        from photos.gallery.alike import similar
        from photos.gallery.memories import choosing, left_out, own
        from photos.gallery.memories import kinds as memories
        from photos.ingest import in_use
        from photos.leaving import leave
        from photos.pipeline.jobs import JOBS, Job
        from photos.stages import STAGES
        from photos.vectors import kinds

        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        lists.LISTINGS.update({listing.slug: listing for listing in lists.OWN})
        for name in ("similar", "picture"):
            lists.LISTERS.add(name, similar.lister(name))
        for field, reader in {**form_readers.OWN, **label_changes.READERS}.items():
            form_readers.READERS.add(field, reader)
        for kind in kinds.OWN:
            kinds.KINDS.add(kind.name, kind)
        for kind_of_folder, reader_of_folder in in_use.OWN.items():
            in_use.READERS.add(kind_of_folder, reader_of_folder)
        turning.BOXES.add("objects", turning.turn_objects)
        navigation.declare()
        explore.SHELVES.update(explore.OWN)
        memories.KINDS.update(own.OWN)
        left_out.SUBJECTS.add("day", left_out.DAY)
        lists.LISTERS.add("memory", choosing.timeline)
        lists.LISTERS.add("folder", folder_view.timeline)
        ON_LEAVING.add("photos", leave)
        ACTION_KINDS.update(history.OWN)
        JOBS.add("refresh_index", Job("photos.vectors.refresh", "index", once=600, timeout=6 * 3600))
        JOBS.add("refresh_words", Job("photos.vectors.words.refresh", "index", once=600, timeout=6 * 3600))
        JOBS.add("import_again", Job("photos.pipeline.attention.import_again"))
        JOBS.add("empty_trash", Job("photos.storage.deletion.delete_trashed_before"))
        self.keep_counts_right()

    def keep_counts_right(self) -> None:
        """What follows when photos change."""
        from django.db.models.signals import post_migrate, pre_migrate

        from photos.gallery.kept import cells, months
        from photos.gallery.lists import LISTINGS
        from photos.pipeline.jobs import JOBS, Job
        from photos.upkeep import HOURLY

        for listing in LISTINGS.values():
            if listing.by_taken:
                months.LISTS.add(listing.slug, listing.select)
        JOBS.add("count_cells", Job("photos.gallery.kept.cells.catch_up", once=60))
        for name, kept in (("counts of months", months), ("cells of the map", cells)):
            HOURLY.add(name, kept.catch_up)
            pre_migrate.connect(kept.TRIGGERS.before_migrations, sender=self)
            post_migrate.connect(kept.install, sender=self)
