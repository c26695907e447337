from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "tags"

    def ready(self) -> None:
        from photos import editing
        from tags.editing import read_keywords

        editing.register("keywords", read_keywords)
