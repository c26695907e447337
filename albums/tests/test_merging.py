"""The kept photo in the albums, on the covers and in the links of its duplicates."""

from django.utils import timezone

from albums.merging import merge_albums, unmerge_albums
from albums.models import Album, ShareLink


def test_links_and_covers_show_the_kept_photo_until_it_is_taken_back(owner, make_photo, make_album):
    kept, copy, other = make_photo(), make_photo(), make_photo()
    album = make_album("Sintra", [copy, other])
    Album.objects.filter(pk=album.pk).update(cover=copy)
    link = ShareLink.objects.create(owner=owner, photo_keys=[other.key, copy.key])
    needed = merge_albums(kept, [copy], timezone.now(), owner)
    album.refresh_from_db()
    link.refresh_from_db()
    assert (album.cover, link.photo_keys) == (kept, [other.key, kept.key])
    assert album.items.filter(photo=kept).exists()
    unmerge_albums(needed, timezone.now())
    album.refresh_from_db()
    link.refresh_from_db()
    assert (album.cover, link.photo_keys) == (copy, [other.key, copy.key])
    assert not album.items.filter(photo=kept).exists()


def test_a_cover_that_was_chosen_since_stays(owner, make_photo, make_album):
    kept, copy, other = make_photo(), make_photo(), make_photo()
    album = make_album("Sintra", [kept, copy, other])
    Album.objects.filter(pk=album.pk).update(cover=copy)
    needed = merge_albums(kept, [copy], timezone.now(), owner)
    Album.objects.filter(pk=album.pk).update(cover=other)
    unmerge_albums(needed, timezone.now())
    album.refresh_from_db()
    assert album.cover == other


def test_links_of_others_and_of_other_photos_stay_as_they_are(owner, stranger, make_photo):
    kept, copy = make_photo(), make_photo()
    ShareLink.objects.create(owner=stranger, photo_keys=[copy.key])
    assert merge_albums(kept, [copy], timezone.now(), owner) is None
