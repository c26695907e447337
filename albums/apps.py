from django.apps import AppConfig


class AlbumsConfig(AppConfig):
    name = "albums"

    def ready(self) -> None:
        from albums.access import sight
        from albums.merging import merge_albums, unmerge_albums
        from photos import access, merging

        access.grant_sight(sight)
        merging.register("albums", merging.Merge(merge_albums, unmerge_albums))
