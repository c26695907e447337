from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from photos.timeline import LISTERS
        from search.timeline import timeline

        LISTERS["search"] = timeline
