from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_migrate

        from photos.gallery.lists import LISTERS
        from search import keys
        from search.index import fulltext
        from search.language.keys import register
        from search.timeline import timeline

        register(*keys.TABLE)
        LISTERS.add("search", timeline)
        pre_migrate.connect(fulltext.prepare_migrations, sender=self)
        post_migrate.connect(fulltext.install, sender=self)
