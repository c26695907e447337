from functools import partial

from django.apps import AppConfig


class AlbumsConfig(AppConfig):
    name = "albums"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from albums import history
        from albums.access import partners_of, sight
        from albums.actions import purge_deleted
        from albums.merging import merge_albums, unmerge_albums
        from albums.timeline import timeline
        from duplicates import merging
        from photos import access, upkeep
        from photos.gallery.lists import LISTERS

        access.SIGHTS.add("albums", sight)
        access.TIMELINE_OWNERS.add("albums", partial(partners_of, on_timeline=True))
        LISTERS.add("album", timeline)
        upkeep.CHORES.add("albums", purge_deleted)
        ACTION_KINDS.add("albums", history.ALBUMS)
        merging.MERGES.add("albums", merging.Merge(merge_albums, unmerge_albums))
