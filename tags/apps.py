from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "tags"

    def ready(self) -> None:
        from photos import editing, merging
        from tags.editing import read_keywords
        from tags.merging import merge_tags, unmerge_tags

        editing.register("keywords", read_keywords)
        merging.register("tags", merging.Merge(merge_tags, unmerge_tags))
