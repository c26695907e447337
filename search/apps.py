from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_migrate

        from mirage.web.navigation import LIBRARY, TASKS
        from mirage.web.palette import SOURCES
        from photos.gallery.explore import SHELVES
        from photos.gallery.lists import LISTERS
        from search import explore, keys, navigation
        from search.index import fulltext, triggers
        from search.language.keys import register
        from search.results.timeline import timeline

        register(*keys.TABLE)
        SHELVES.add("things", explore.THINGS)
        SHELVES.add("scenes", explore.SCENES)
        SHELVES.add("more-things", explore.MORE_THINGS)
        SHELVES.add("kinds", explore.KINDS)
        SOURCES.add("searches", navigation.IN_PALETTE)
        LIBRARY.add("searches", navigation.SAVED)
        TASKS.add("dates", navigation.DATES)
        LISTERS.add("search", timeline)
        pre_migrate.connect(triggers.before_migrations, sender=self)
        post_migrate.connect(fulltext.install, sender=self)
