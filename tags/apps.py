from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "tags"

    def ready(self) -> None:
        from duplicates import merging
        from photos import pipeline
        from photos.editing import form_readers
        from photos.gallery.lists import LISTERS
        from tags import history
        from tags.editing import read_keywords
        from tags.merging import merge_tags, unmerge_tags
        from tags.stages import STAGES
        from tags.timeline import timeline

        pipeline.register(*STAGES)
        LISTERS.add("tag", timeline)
        history.register_all()
        form_readers.register("keywords", read_keywords)
        merging.register("tags", merging.Merge(merge_tags, unmerge_tags))
