from functools import partial

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class AlbumsConfig(AppConfig):
    name = "albums"

    def ready(self) -> None:
        from accounts.action_kinds import ACTION_KINDS
        from albums import history, memories, navigation
        from albums.access import partners_of, sight
        from albums.actions import purge_deleted
        from albums.explore import TRIPS
        from albums.items import hand_on_when_deleted, names_for
        from albums.merging import merge_albums, unmerge_albums
        from albums.models import AlbumItem
        from albums.rules import folders as folder_rules
        from albums.timeline import timeline
        from duplicates import merging
        from mirage.web.navigation import DOORS
        from mirage.web.palette import SOURCES
        from photos import access, upkeep
        from photos.gallery.explore import SHELVES
        from photos.gallery.lists import LISTERS
        from photos.gallery.memories.kinds import KINDS
        from photos.gallery.related import ROWS
        from photos.storage.rearranging import FACTS

        pre_delete.connect(hand_on_when_deleted, sender=AlbumItem)
        ROWS.add("albums", navigation.OF_PHOTO)
        SHELVES.add("trips", TRIPS)
        KINDS.add("trip", memories.TRIPS)
        SOURCES.add("albums", navigation.IN_PALETTE)
        SOURCES.add("album actions", navigation.ACTIONS)
        DOORS.add("albums", navigation.ALBUMS)
        DOORS.add("sharing", navigation.SHARING)
        access.SIGHTS.add("albums", sight)
        access.TIMELINE_OWNERS.add("albums", partial(partners_of, on_timeline=True))
        LISTERS.add("album", timeline)
        FACTS.add("album", names_for)
        upkeep.CHORES.add("albums", purge_deleted)
        upkeep.HOURLY.add("albums from folders", folder_rules.keep_up)
        upkeep.MEMORIES.add("trips", memories.keep_up)
        ACTION_KINDS.add("albums", history.ALBUMS)
        ACTION_KINDS.add(folder_rules.KIND, folder_rules.RULES)
        merging.MERGES.add("albums", merging.Merge(merge_albums, unmerge_albums))
