"""Merging tags in the administration."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from accounts.models import Activity, User
from photos.access import photos_of
from photos.editing import bulk
from tags import keywords
from tags.models import PhotoTag, Tag

LIST = reverse("admin:tags_tag_changelist")


@pytest.fixture
def administrator(client, db):
    client.force_login(User.objects.create_superuser("administrator"))
    return client


def tagged(owner, path, *photos):
    some = photos_of(owner).filter(pk__in=[photo.pk for photo in photos])
    bulk.make(owner, some, keywords.change_keywords([path]), owner)
    return Tag.objects.get(owner=owner, path=path)


def act(administrator, tags, **more):
    data = {"action": "merge", ACTION_CHECKBOX_NAME: [tag.pk for tag in tags], **more}
    return administrator.post(LIST, data, follow=True)


def test_merging_asks_which_stays_and_is_in_the_owners_history(administrator, owner, make_photo):
    photos = [make_photo() for _ in range(3)]
    beach, strand, shore = (
        tagged(owner, path, photo) for path, photo in zip(("beach", "strand", "coast/shore"), photos, strict=True)
    )
    asked = act(administrator, [beach, strand, shore])
    assert b"Which tag should remain?" in asked.content
    assert Tag.objects.filter(owner=owner).count() == 4
    done = act(administrator, [beach, strand, shore], target=beach.pk)
    assert b"Merged into beach." in done.content
    assert sorted(Tag.objects.filter(owner=owner).values_list("path", flat=True)) == ["beach", "coast"]
    assert PhotoTag.objects.filter(tag=beach, rejected=False).count() == 3
    assert Activity.objects.filter(owner=owner).count() >= 2


def test_a_refused_merge_changes_nothing(administrator, owner, stranger, make_photo):
    photo = make_photo()
    travel, japan, other = (tagged(owner, path, photo) for path in ("travel", "travel/japan", "other"))
    told = act(administrator, [other, travel, japan], target=japan.pk)
    assert b"cannot merge a tag into itself" in told.content
    assert Tag.objects.filter(owner=owner).count() == 3
    theirs = Tag.objects.create(owner=stranger, name="beach", path="beach")
    for some in ([travel], [travel, theirs]):
        assert b"of one owner" in act(administrator, some).content


def test_pages_of_the_administration_have_the_icon(administrator):
    for address in (reverse("admin:index"), LIST):
        assert b'rel="icon"' in administrator.get(address).content
