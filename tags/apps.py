from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "tags"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from duplicates import merging
        from mirage.web.navigation import LIBRARY, TASKS
        from mirage.web.palette import SOURCES
        from photos import pipeline
        from photos.editing.form_readers import READERS
        from photos.editing.virtual_copies import COPIED
        from photos.gallery.lists import LISTERS
        from photos.pipeline.jobs import JOBS, Job
        from tags import history, navigation
        from tags.editing import read_keywords
        from tags.keywords import copy_tags
        from tags.merging import merge_tags, unmerge_tags
        from tags.stages import STAGES
        from tags.timeline import timeline

        for stage in STAGES:
            pipeline.STAGES.add(stage.name, stage)
        SOURCES.add("tags", navigation.IN_PALETTE)
        LIBRARY.add("tags", navigation.TAGS)
        TASKS.add("tags", navigation.TEACHING)
        JOBS.add("apply_tag", Job("tags.teaching.apply_to_library"))
        LISTERS.add("tag", timeline)
        ACTION_KINDS.add("tags", history.TAGS)
        READERS.add("keywords", read_keywords)
        COPIED.add("tags", copy_tags)
        merging.MERGES.add("tags", merging.Merge(merge_tags, unmerge_tags))
