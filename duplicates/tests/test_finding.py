"""Groups of duplicates: who is compared, who joins, what is decided, and how it is taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts import undoing
from accounts.models import User
from albums.models import Album, AlbumItem
from duplicates import comparing, finding, keeping, resolving
from duplicates.comparing import Verdict
from duplicates.models import DuplicateGroup
from photos import catalogue, vectors
from photos.models import Embedding, PairDecision, Photo, PhotoFile, StageRun
from photos.storage import paths
from vision import fingerprints
from vision.tests.test_matching import jpeg, scene

Maker = Callable[..., Photo]


@pytest.fixture
def add(make_photo: Maker, library: Path) -> Maker:
    """A photo with fingerprint and thumbnail: those of the same `world` are alike to the model."""

    def make(image: Image.Image, world: int = 0, **fields: Any) -> Photo:
        fields = {"width": image.width, "height": image.height, "size": image.width * image.height, **fields}
        photo = make_photo(**fields)
        folder = paths.derived_folder(photo.sha256)
        folder.mkdir(parents=True)
        image.save(folder / "large.webp", quality=90)
        vector = np.random.default_rng(world).normal(size=fingerprints.DIMENSION).astype(np.float32)
        data = vectors.pack(vector / np.linalg.norm(vector))
        Embedding.objects.create(photo=photo, kind=fingerprints.KIND, model=fingerprints.MODEL, vector=data)
        return photo

    return make


def groups(owner: User) -> list[tuple[str, set[int]]]:
    return sorted(
        (group.tier, set(group.members.values_list("photo_id", flat=True)))
        for group in DuplicateGroup.objects.filter(owner=owner)
    )


def check(*photos: Photo) -> None:
    finding.check([photo.pk for photo in photos])


# --- finding --------------------------------------------------------------------------------------------------------


def test_copies_and_edits_form_groups_by_tier(owner: User, add: Maker) -> None:
    original = scene(1)
    best = add(original)
    copy = add(original.resize((320, 240)))
    edit = add(original.crop((60, 30, 600, 440)))
    other = add(scene(2))  # alike to the model only
    check(best, copy, edit, other)
    assert groups(owner) == [("edited", {best.pk, edit.pk}), ("same", {best.pk, copy.pk})]
    group = DuplicateGroup.objects.get(tier="same")
    assert group.members.get(role="best").photo == best
    assert group.saving == copy.size


def test_photos_of_another_owner_are_not_compared(owner: User, stranger: User, add: Maker) -> None:
    picture = scene(1)
    mine, theirs = add(picture), add(picture.resize((320, 240)), owner=stranger)
    check(mine, theirs)
    assert not DuplicateGroup.objects.exists()


def test_new_photo_joins_the_group_it_matches(owner: User, add: Maker) -> None:
    picture = scene(1)
    first, second = add(picture), add(picture.resize((400, 300)))
    check(first, second)
    key = DuplicateGroup.objects.get().key
    third = add(jpeg(picture, 40).resize((320, 240)))
    check(third)
    assert groups(owner) == [("same", {first.pk, second.pk, third.pk})]
    assert DuplicateGroup.objects.get().key == key


def test_better_photo_becomes_the_best(owner: User, add: Maker) -> None:
    picture = scene(1)
    small, middle = add(picture.resize((320, 240))), add(picture.resize((400, 300)))
    check(small, middle)
    large = add(picture)
    check(large)
    assert DuplicateGroup.objects.get().members.get(role="best").photo == large


def test_nothing_is_joined_through_a_third(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matches B and B matches C, but A does not match C: the best is A, so C stays outside."""
    picture = scene(1)
    a, b, c = (add(picture.resize(size)) for size in ((640, 480), (600, 450), (560, 420)))
    linked = {(a.pk, b.pk), (b.pk, c.pk)}

    def compare(_self: object, one: Photo, other: Photo) -> Verdict | None:
        return Verdict("same", 1.0) if (min(one.pk, other.pk), max(one.pk, other.pk)) in linked else None

    monkeypatch.setattr(comparing.Comparer, "compare", compare)
    check(a, b, c)
    assert groups(owner) == [("same", {a.pk, b.pk})]


def test_every_pair_is_compared_once(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = scene(1)
    photos = [add(scene(seed)) for seed in range(4)] + [add(picture)]
    for photo in photos:
        StageRun.objects.create(photo=photo, stage=finding.STAGE)
    seen: list[tuple[int, int]] = []

    def compare(_self: object, one: Photo, other: Photo) -> None:
        seen.append((one.pk, other.pk))

    monkeypatch.setattr(comparing.Comparer, "compare", compare)
    for photo in reversed(photos):
        StageRun.objects.filter(photo=photo).update(status="running")
        check(photo)
        StageRun.objects.filter(photo=photo).update(status="done")
    assert len(seen) == len(set(seen)) == 10


def test_twice_is_once(owner: User, add: Maker) -> None:
    picture = scene(1)
    photos = [add(picture), add(picture.resize((320, 240)))]
    check(*photos)
    before = list(DuplicateGroup.objects.values_list("pk", "key"))
    check(*photos)
    assert list(DuplicateGroup.objects.values_list("pk", "key")) == before


def test_trashed_and_gone_photos_are_left_out(owner: User, add: Maker) -> None:
    picture = scene(1)
    first, second = add(picture), add(picture.resize((320, 240)))
    Photo.objects.filter(pk=second.pk).trash()
    check(first, second)
    finding.check([10**9])
    assert not DuplicateGroup.objects.exists()


def test_missing_thumbnail_is_no_match(owner: User, add: Maker) -> None:
    picture = scene(1)
    first, second = add(picture), add(picture.resize((320, 240)))
    (paths.derived_folder(second.sha256) / "large.webp").unlink()
    check(first, second)
    assert not DuplicateGroup.objects.exists()


# --- bursts and stacks ----------------------------------------------------------------------------------------------


def burst(add: Maker, *seconds: float, **fields: Any) -> list[Photo]:
    picture = scene(1)
    taken = datetime(2024, 5, 1, 12)
    camera = {"camera_make": "Canon", "camera_model": "EOS", **fields}
    return [add(jpeg(picture, 80), taken=taken + timedelta(seconds=at), **camera) for at in seconds]


def test_one_after_the_other_is_a_burst(owner: User, add: Maker) -> None:
    photos = burst(add, 0, 1)
    check(*photos)
    assert groups(owner) == [("burst", {photo.pk for photo in photos})]


@pytest.mark.parametrize(
    ("seconds", "fields"), [((0, 3600), {}), ((0, 1), {"camera_make": "", "camera_model": ""}), ((0, 0), {})]
)
def test_not_a_burst(owner: User, add: Maker, seconds: tuple[float, float], fields: dict[str, str]) -> None:
    photos = burst(add, *seconds, **fields)
    check(*photos)
    assert [tier for tier, _ in groups(owner)] == ["same"]


def test_stacked_photos_are_no_duplicates(owner: User, add: Maker) -> None:
    raw = add(scene(1), name="IMG_7.CR2", media_type="image/x-canon-cr2")
    developed = add(scene(1).resize((400, 300)), name="IMG_7.JPG", taken=raw.taken_local.replace(tzinfo=None))
    check(raw, developed)
    raw.refresh_from_db()
    assert raw.stack is not None
    assert raw.stack.kind == "raw"
    assert not DuplicateGroup.objects.exists()


# --- deciding -------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(owner: User, add: Maker) -> tuple[Photo, Photo, DuplicateGroup]:
    picture = scene(1)
    best = add(picture)
    known = {"favourite": True, "rating": 4, "title": "Us", "latitude": 1.0, "longitude": 2.0}
    copy = add(picture.resize((320, 240)), **known)
    check(best, copy)
    return best, copy, DuplicateGroup.objects.get()


Pair = tuple[Photo, Photo, DuplicateGroup]


def test_keep_best_trashes_the_rest_and_merges(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    album = Album.objects.create(owner=owner, name="Summer")
    AlbumItem.objects.create(album=album, photo=copy, position=1.0)
    resolving.keep_best(owner, [resolving.plan(group)], owner)
    best.refresh_from_db()
    copy.refresh_from_db()
    group.refresh_from_db()
    assert (best.trashed_at, group.status) == (None, "resolved")
    assert copy.trashed_at is not None
    assert (best.favourite, best.rating, best.title, best.latitude) == (True, 4, "Us", 1.0)
    assert album.items.filter(photo=best).exists()


def test_undo_brings_everything_back(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    album = Album.objects.create(owner=owner, name="Summer")
    AlbumItem.objects.create(album=album, photo=copy, position=1.0)
    activity = resolving.keep_best(owner, [resolving.plan(group)], owner)
    undoing.undo(activity, owner)
    for row in (best, copy, group):
        row.refresh_from_db()
    assert (copy.trashed_at, group.status) == (None, "open")
    assert (best.favourite, best.rating, best.title, best.latitude) == (False, None, "", None)
    assert not album.items.filter(photo=best).exists()


def test_resolving_twice_is_refused(owner: User, pair: Pair) -> None:
    plan = resolving.plan(pair[2])
    resolving.keep_best(owner, [plan], owner)
    with pytest.raises(resolving.CannotResolve):
        resolving.keep_best(owner, [plan], owner)


def test_keep_all_is_remembered_until_somebody_joins(owner: User, add: Maker, pair: Pair) -> None:
    best, copy, group = pair
    activity = resolving.keep_all(owner, group, owner)
    check(best, copy)
    assert not resolving.open_groups(owner).exists()
    third = add(scene(1).resize((500, 375)))
    check(third)
    (again,) = resolving.open_groups(owner)
    assert set(again.members.values_list("photo_id", flat=True)) == {best.pk, third.pk}
    undoing.undo(activity, owner)
    assert not PairDecision.objects.exists()


def test_stacking_and_undo(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    activity = resolving.stack(owner, group, owner)
    best.refresh_from_db()
    copy.refresh_from_db()
    assert best.stack == copy.stack is not None
    assert best.stack.cover == best
    undoing.undo(activity, owner)
    best.refresh_from_db()
    assert best.stack is None


def test_said_to_be_the_same_joins_whatever_the_pixels_say(owner: User, add: Maker) -> None:
    one, other = add(scene(1)), add(scene(2))
    PairDecision.objects.create(first=one, second=other, verdict="same")
    check(one, other)
    assert groups(owner) == [("same", {one.pk, other.pk})]


def test_preview_of_all_is_what_is_done(owner: User, add: Maker) -> None:
    original = scene(1)
    photos = [add(original), add(original.resize((320, 240))), add(original.crop((60, 30, 600, 440)))]
    check(*photos)
    plans = resolving.plans(resolving.open_groups(owner))
    removed = [photo.pk for plan in plans for photo in plan.removed]
    assert len(removed) == len(set(removed)) == 2
    resolving.keep_best(owner, plans, owner)
    assert set(Photo.objects.trashed().values_list("pk", flat=True)) == set(removed)


def test_groups_are_listed_by_saving(owner: User, add: Maker) -> None:
    for world, size in ((1, (320, 240)), (2, (500, 375))):
        check(add(scene(world), world), add(scene(world).resize(size), world))
    assert [group.saving for group in resolving.open_groups(owner)] == [500 * 375, 320 * 240]


# --- which to keep --------------------------------------------------------------------------------------------------


def test_rules_in_the_order_asked_for(make_photo: Maker) -> None:
    large = make_photo(width=4000, height=3000, size=100)
    described = make_photo(width=400, height=300, size=200, camera_model="EOS")
    assert keeping.suggest([described, large]).photo == large
    suggestion = keeping.suggest([described, large], ("original", "pixels"))
    assert suggestion.photo == described
    assert suggestion.reasons == ("It is as the camera made it",)


def test_reasons_name_what_is_better(make_photo: Maker) -> None:
    best = make_photo(width=4000, height=3000, latitude=1.0, longitude=1.0)
    suggestion = keeping.suggest([best, make_photo()])
    assert suggestion.reasons[:2] == ("It has the most pixels", "It knows where it was taken")


def test_starting_again_keeps_decisions(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    resolving.keep_all(owner, group, owner)
    finding.start_again(Photo.objects.all(), DuplicateGroup.objects.all())
    check(best, copy)
    assert DuplicateGroup.objects.get().status == "kept"


def test_no_picture_is_looked_at_within_a_transaction(owner: User, add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing takes seconds, and SQLite lets nobody write meanwhile."""
    depth = len(connection.savepoint_ids)
    depths: list[int] = []

    def compare(_self: object, one: Photo, other: Photo) -> Verdict:
        depths.append(len(connection.savepoint_ids))
        return Verdict("same", 1.0)

    monkeypatch.setattr(comparing.Comparer, "compare", compare)
    check(*(add(scene(1)) for _ in range(4)))
    assert depths == [depth] * 6


def test_upload_tells_of_a_better_version(client: Client, owner: User, pair: Pair) -> None:
    best, copy, group = pair
    StageRun.objects.create(photo=copy, stage=finding.STAGE, status="done")
    client.force_login(owner)

    def told() -> dict[str, Any]:
        sums = ",".join(photo.sha256 for photo in (best, copy))
        return client.post(reverse("photos:upload_check"), {"sha256": sums}).json()["photos"]

    assert told()[copy.sha256]["better"] == best.get_absolute_url()
    assert (told()[copy.sha256]["compared"], told()[best.sha256]["compared"]) == (True, False)
    assert told()[best.sha256]["better"] is None
    resolving.keep_all(owner, group, owner)
    assert told()[copy.sha256]["better"] is None


def test_export_names_duplicates_copies_and_stacks(owner: User, pair: Pair) -> None:
    best, copy, group = pair
    PhotoFile.objects.create(photo=best, kind="copy", path="/backup/a.jpg", in_place=True, sha256="1" * 64, size=1)
    lines = {line["id"]: line for line in catalogue.export(Photo.objects.all())}
    assert lines[best.key]["duplicates"] == [{"group": group.key, "kind": "same", "role": "best"}]
    assert lines[copy.key]["duplicates"] == [{"group": group.key, "kind": "same", "role": "copy"}]
    assert (lines[best.key]["copies"], lines[copy.key]["copies"]) == (["/backup/a.jpg"], [])
    resolving.stack(owner, group, owner)
    lines = {line["id"]: line for line in catalogue.export(Photo.objects.all())}
    assert [lines[photo.key]["stack"]["cover"] for photo in (best, copy)] == [True, False]


def test_export_leaves_out_what_the_owner_called_different(owner: User, pair: Pair) -> None:
    resolving.keep_all(owner, pair[2], owner)
    assert all(line["duplicates"] == [] for line in catalogue.export(Photo.objects.all()))


def on_a_screen(picture: Image.Image) -> Image.Image:
    """As a large phone shows it, with more pixels than the picture has."""
    screen = Image.new("RGB", (900, 1800), "black")
    shown = picture.resize((900, 675))
    screen.paste(shown, (0, 560))
    return screen


def test_the_picture_is_kept_and_not_a_larger_screenshot_of_it(owner: User, add: Maker) -> None:
    picture = scene(1)
    original, screenshot = add(picture), add(on_a_screen(picture))
    check(original, screenshot)
    group = DuplicateGroup.objects.get()
    assert (group.tier, group.members.get(role="best").photo) == ("edited", original)
    (waiting,) = resolving.open_groups(owner)
    plan = resolving.plan(waiting)
    assert (plan.kept, plan.removed) == (original, (screenshot,))
    assert "without a frame" in plan.reasons[0]


def test_a_crop_is_no_frame(owner: User, add: Maker) -> None:
    original = scene(1)
    whole, crop = add(original), add(original.crop((60, 30, 600, 440)))
    check(whole, crop)
    (waiting,) = resolving.open_groups(owner)
    assert resolving.framed(waiting) == set()
    assert resolving.plan(waiting).kept == whole


def test_a_crop_that_cuts_off_sky_is_no_frame(owner: User, add: Maker) -> None:
    """All that lies around it is of one colour; but the crop shows some of that colour too."""
    picture = Image.new("RGB", (900, 700), (40, 90, 160))
    picture.paste(scene(1).resize((480, 360)), (210, 170))
    whole, crop = add(picture), add(picture.crop((150, 110, 750, 590)))
    check(whole, crop)
    (waiting,) = resolving.open_groups(owner)
    assert resolving.framed(waiting) == set()
    assert resolving.plan(waiting).kept == whole


def test_a_collage_is_no_duplicate_of_what_is_in_it(owner: User, add: Maker) -> None:
    pictures = [scene(seed) for seed in range(1, 5)]
    collage = Image.new("RGB", (640, 480), "white")
    for place, picture in enumerate(pictures):
        collage.paste(picture.resize((316, 236)), (place % 2 * 324, place // 2 * 244))
    check(add(pictures[0]), add(collage))
    assert not DuplicateGroup.objects.exists()
