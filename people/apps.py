from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from duplicates import merging
        from mirage.web.navigation import DOORS, TASKS
        from mirage.web.palette import SOURCES
        from people import history, memories, navigation
        from people.detection import turning, vectors
        from people.merging import merge_people, unmerge_people
        from people.stages import STAGES
        from people.timeline import shared_timeline, timeline
        from photos import pipeline
        from photos.editing.turning import BOXES
        from photos.first_run import STEPS as FIRST_STEPS
        from photos.gallery.explore import SHELVES
        from photos.gallery.lists import LISTERS
        from photos.gallery.memories import kinds, left_out
        from photos.gallery.related import ROWS
        from photos.vectors import KINDS, Kind

        ROWS.add("people", navigation.IN_PHOTO)
        SHELVES.add("people", navigation.SHELF)
        SOURCES.add("people", navigation.IN_PALETTE)
        DOORS.add("people", navigation.PEOPLE)
        TASKS.add("people", navigation.REVIEW)
        TASKS.add("names", navigation.NAMES)
        FIRST_STEPS.add("names", navigation.FIRST_STEP)
        LISTERS.add("person", timeline)
        LISTERS.add("shared-person", shared_timeline)
        kinds.KINDS.add("birthday", memories.BIRTHDAYS)
        kinds.KINDS.add("person", memories.YEARS)
        left_out.SUBJECTS.add("person", memories.PEOPLE)
        BOXES.add("faces", turning.turn_faces)
        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        merging.MERGES.add("people", merging.Merge(merge_people, unmerge_people))
        model = vectors.model_name()
        ACTION_KINDS.add("people", history.PEOPLE)
        KINDS.add("faces", Kind("faces", "people.Face", model, vectors.dimension(), {"model": model}))
        self.keep_rows_right()

    def keep_rows_right(self) -> None:
        """What follows when photos, files and faces change elsewhere."""
        from django.db.models.signals import post_migrate, pre_migrate

        from people.detection import keeping
        from people.kept import appearances, counts
        from photos.pipeline.shared_files import FOUND
        from photos.upkeep import CHORES, HOURLY

        FOUND.add("faces", keeping.move_faces)

        CHORES.add("counts of people", counts.catch_up)
        HOURLY.add("appearances of people", appearances.mend)
        for kept in (counts, appearances):
            pre_migrate.connect(kept.TRIGGERS.before_migrations, sender=self)
            post_migrate.connect(kept.install, sender=self)
