"""Bringing a library, and undoing it, through everything: dump, report, steps, pages of people and albums."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts import batches, undoing
from accounts.models import Activity, User
from albums import actions as album_actions
from albums.models import Album, AlbumItem, Share
from people import actions as people_actions
from people.models import Face, FaceRejection, Person, Question
from photos import catalogue
from photos.editing import bulk, edits
from photos.models import Photo, PhotoEdit, Stack
from switching import acts, keeping, preparing
from switching.models import Brought, Step, Switch
from switching.report import Report, from_dict, sentences
from switching.tests.conftest import FACE, OTHER, named, people_in, sha1_of
from switching.tests.samples.immich import ANNA, BEN, Dump
from tags.models import PhotoTag, Tag

Make = Callable[..., Photo]
pytestmark = pytest.mark.django_db
NEAR = (0.205, 0.21, 0.1, 0.14)  # another program's box around FACE
FAR = (0.4, 0.7, 0.1, 0.15)


def bring(owner: User, path: Path, program: str = "immich") -> tuple[Report, Switch]:
    switch = keeping.begin(owner, program, path, by=owner)
    preparing.prepare(switch)
    activity = acts.start(switch, owner)
    batches.carry_on(activity.pk)
    switch.refresh_from_db()
    return from_dict(switch.report), switch


def undo(switch: Switch) -> None:
    undoing.undo(switch.activity, switch.owner)
    batches.carry_on(switch.activity.pk)


def exported(owner: User) -> str:
    lines = catalogue.export(Photo.objects.filter(owner=owner))
    return "\n".join(json.dumps(line, sort_keys=True) for line in lines)


@pytest.fixture
def family(make_known: Make, ben: User) -> dict[str, Photo]:
    """Three photos: one face, two faces, none."""
    return {
        "a": make_known("a.jpg", [FACE]),
        "b": make_known("b.jpg", [FACE, OTHER]),
        "c": make_known("c.jpg"),
    }


@pytest.fixture(params=["1.120.0", "1.140.1", "3.2.2"])
def dump(request: pytest.FixtureRequest) -> Dump:
    """What Immich knows about them, in each generation of its schema."""
    dump = Dump(request.param)
    fill(dump)
    return dump


def fill(dump: Dump) -> None:
    exif = {"description": "At the sea", "rating": 4}
    a = dump.asset("a.jpg", sha1_of("a.jpg"), exif=exif, isFavorite=True)
    b = dump.asset("b.jpg", sha1_of("b.jpg"), archived=True)
    c = dump.asset("c.jpg", sha1_of("c.jpg"), status="trashed", deletedAt="2026-01-01 00:00:00+00")
    dump.asset("gone.jpg", sha1_of("gone.jpg"))
    dump.asset("bens.jpg", sha1_of("bens.jpg"), owner=BEN)
    emma = dump.person("Emma", birthDate="1980-02-03", faceAssetId="cover")
    tom = dump.person("Tom", isHidden=True)
    dump.person("")
    dump.face(a, emma, NEAR, id="cover")
    dump.face(b, emma, NEAR)
    dump.face(b, tom, OTHER)
    dump.face(c, tom, FAR)
    dump.album("Lisbon", [a, b], {BEN: "editor"}, description="By the river", albumThumbnailAssetId=b)
    dump.tagged(a, "travel/portugal")
    stack = dump.add("stack", id="5", primaryAssetId=b, ownerId=ANNA)
    for row in dump.tables["asset"][:2]:
        row["stackId"] = stack


def test_everything_comes(owner: User, family: dict[str, Photo], dump: Dump, tmp_path: Path) -> None:
    report, _ = bring(owner, dump.write(tmp_path / "dump.sql.gz"))
    a, b, c = (Photo.objects.get(pk=family[name].pk) for name in "abc")
    assert (report.found, report.photos, report.lists["missing"]) == (
        3, 4, ["/usr/src/app/upload/library/anna/2024/gone.jpg"],
    )  # fmt: skip
    assert people_in(a) == {"Emma": "confirmed"}
    assert people_in(b) == {"Emma": "confirmed", "Tom": "confirmed"}
    drawn = Face.objects.get(photo=c)
    assert drawn.source == "drawn"
    assert drawn.person.name == "Tom"
    assert drawn.box == pytest.approx(FAR, abs=0.001)
    emma = named(owner, "Emma")
    assert emma.birthday.isoformat() == "1980-02-03"
    assert emma.cover.photo == a
    assert named(owner, "Tom").hidden
    assert (a.description, a.rating, a.favourite, b.archived) == ("At the sea", 4, True, True)
    assert c.trashed_at is not None
    album = Album.objects.get(owner=owner)
    assert (album.name, album.description, album.cover) == ("Lisbon", "By the river", b)
    assert sorted(album.items.values_list("photo", flat=True)) == [a.pk, b.pk]
    assert Share.objects.get(album=album).user.username == "ben"
    assert Share.objects.get(album=album).role == "contributor"
    assert PhotoTag.objects.get(photo=a).tag.path == "travel/portugal"
    assert a.stack == b.stack
    assert a.stack.cover == b
    assert not Photo.objects.filter(original_name="bens.jpg").exists()


def test_the_report_says_it_before_anything_is_written(
    owner: User, family: dict[str, Photo], dump: Dump, tmp_path: Path
) -> None:
    before = exported(owner)
    report = preparing.examine(owner, "immich", dump.write(tmp_path / "dump.sql"))
    assert exported(owner) == before
    assert not Brought.objects.exists()
    assert not Step.objects.exists()
    said = " ".join(sentences(report))
    assert "3 of 4 photos found (3 by content); 1 is not here" in said
    assert "2 people: 2 new" in said
    assert "4 faces with names: 3 to be named, 1 to be drawn, where Mirage saw no face" in said
    assert "1 album: 1 new, 2 photos to be added" in said
    assert report.lost["people without a name (Mirage finds its own groups)"] == 1
    done, _ = bring(owner, tmp_path / "dump.sql")
    assert done.as_dict() == report.as_dict()


def test_undo_restores_the_export_byte_for_byte(
    owner: User, family: dict[str, Photo], dump: Dump, tmp_path: Path
) -> None:
    before = exported(owner)
    _, switch = bring(owner, dump.write(tmp_path / "dump.sql"))
    assert exported(owner) != before
    undo(switch)
    assert exported(owner) == before
    for model in (Person, Album, Tag, Stack, PhotoEdit, Share, Brought, AlbumItem, FaceRejection):
        assert not model._default_manager.exists(), model
    assert Face.objects.count() == 3


def test_after_an_undo_it_can_come_again(owner: User, family: dict[str, Photo], dump: Dump, tmp_path: Path) -> None:
    path = dump.write(tmp_path / "dump.sql")
    _, switch = bring(owner, path)
    brought = exported(owner)
    undo(switch)
    bring(owner, path)
    assert without_keys(exported(owner)) == without_keys(brought)


def without_keys(text: str) -> list[Any]:
    """The export without keys and ids, which are new."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        line["stack"] = line["stack"] and line["stack"]["cover"]
        line["people"] = sorted(({**face, "person_id": None} for face in line["people"]), key=repr)
    return lines


def test_a_second_run_adds_nothing(owner: User, family: dict[str, Photo], dump: Dump, tmp_path: Path) -> None:
    path = dump.write(tmp_path / "dump.sql")
    bring(owner, path)
    before = exported(owner)
    report, _ = bring(owner, path)
    assert exported(owner) == before
    assert report.changes == 0
    assert "Nothing new" in sentences(report)[-1]


def test_a_second_run_changes_nothing_that_was_changed_since(
    owner: User, family: dict[str, Photo], dump: Dump, tmp_path: Path
) -> None:
    path = dump.write(tmp_path / "dump.sql")
    bring(owner, path)
    a, b = family["a"], family["b"]
    photos = Photo.objects.filter(pk=a.pk)
    bulk.make(owner, photos, edits.set_words(description="Mine", rating=2), owner)
    bulk.make(owner, photos, edits.reset(["rating"]), owner)
    photos.update(favourite=False)
    people_actions.name_person(named(owner, "Emma"), "Emma Stone", owner)
    people_actions.reject(
        list(Face.objects.filter(photo=b, person__name="Emma Stone")), named(owner, "Emma Stone"), owner
    )
    PhotoTag.objects.all().delete()
    album = Album.objects.get()
    album_actions.take_out(album, owner, [b.pk])
    album_actions.edit(album, owner, name="Portugal")
    before = exported(owner)
    bring(owner, path)
    assert exported(owner) == before
    assert Person.objects.count() == 2
    assert Album.objects.count() == 1


def test_what_the_owner_decided_stays_and_conflicts_are_asked(owner: User, make_known: Make, tmp_path: Path) -> None:
    photo, other = make_known("a.jpg", [FACE, OTHER]), make_known("b.jpg", [FACE])
    first, second = Face.objects.filter(photo=photo).order_by("pk")
    people_actions.name_faces([first], "Anna", owner)
    people_actions.mark_not_a_face([second], owner)
    dump = Dump()
    a, b = dump.asset("a.jpg", sha1_of("a.jpg")), dump.asset("b.jpg", sha1_of("b.jpg"))
    emma = dump.person("Emma")
    dump.face(a, emma, NEAR)
    dump.face(a, emma, OTHER)
    dump.face(b, emma, NEAR)
    report, switch = bring(owner, dump.write(tmp_path / "dump.sql"))
    assert people_in(photo) == {"Anna": "confirmed"}
    assert people_in(other) == {"Emma": "confirmed"}
    assert (report.counts["conflict"], report.counts["refused"]) == (1, 1)
    assert report.lists["conflicts"] == ["Emma there, Anna here"]
    question = Question.objects.get()
    assert {question.person.name, question.other.name} == {"Anna", "Emma"}
    undo(switch)
    assert not Question.objects.exists()


def test_undo_leaves_what_was_decided_since(owner: User, family: dict[str, Photo], tmp_path: Path) -> None:
    dump = Dump()
    fill(dump)
    _, switch = bring(owner, dump.write(tmp_path / "dump.sql"))
    a = family["a"]
    bulk.make(owner, Photo.objects.filter(pk=a.pk), edits.set_words(description="Mine"), owner)
    tom = named(owner, "Tom")
    people_actions.move_faces(list(Face.objects.filter(photo=a)), tom, owner)
    undo(switch)
    a.refresh_from_db()
    assert a.description == "Mine"
    assert a.rating is None
    assert people_in(a) == {"Tom": "confirmed"}


def test_a_kill_between_steps_loses_nothing(owner: User, family: dict[str, Photo], tmp_path: Path) -> None:
    dump = Dump()
    fill(dump)
    switch = keeping.begin(owner, "immich", dump.write(tmp_path / "dump.sql"), by=owner)
    preparing.prepare(switch)
    activity = acts.start(switch, owner)
    assert batches.step(activity.pk)
    (tmp_path / "dump.sql").unlink()  # the steps are kept
    activity = Activity.objects.get(pk=activity.pk)
    assert acts.tell([activity])[activity.pk].going_on == 20
    batches.carry_on(activity.pk)
    assert people_in(family["a"]) == {"Emma": "confirmed"}
    assert Album.objects.count() == 1


def test_photos_that_were_deleted_since_the_report_are_left_out(
    owner: User, family: dict[str, Photo], tmp_path: Path
) -> None:
    dump = Dump()
    fill(dump)
    switch = keeping.begin(owner, "immich", dump.write(tmp_path / "dump.sql"), by=owner)
    preparing.prepare(switch)
    for name in "bc":
        family[name].delete()
    batches.carry_on(acts.start(switch, owner).pk)
    assert people_in(family["a"]) == {"Emma": "confirmed"}
    assert list(Album.objects.get().items.values_list("photo", flat=True)) == [family["a"].pk]
    switch.refresh_from_db()
    undo(switch)
    assert people_in(family["a"]) == {}


def test_it_is_done_once(owner: User, family: dict[str, Photo], tmp_path: Path) -> None:
    from mirage.refusals import NotPossible

    dump = Dump()
    fill(dump)
    _, switch = bring(owner, dump.write(tmp_path / "dump.sql"))
    with pytest.raises(NotPossible, match="already"):
        acts.start(switch, owner)


def test_crops_and_turns_come_with_the_faces_in_them(owner: User, make_known: Make, tmp_path: Path) -> None:
    make_known("a.jpg", [FACE], width=400, height=300)
    dump = Dump("2.5.0")
    key = dump.asset("a.jpg", sha1_of("a.jpg"), exif={"exifImageWidth": 400, "exifImageHeight": 300, "orientation": 1})
    emma = dump.person("Emma")
    dump.face(key, emma, NEAR)
    crop = {"x": 0, "y": 0, "width": 200, "height": 300}
    dump.edited(key, ("crop", crop), ("rotate", {"angle": 90}))
    before = exported(owner)
    report, switch = bring(owner, dump.write(tmp_path / "dump.sql"))
    assert "To be set: 1 edited picture, 1 turned picture." in sentences(report)
    photo = Photo.objects.get()
    assert (photo.turn, photo.width, photo.height, people_in(photo)) == (6, 300, 400, {"Emma": "confirmed"})
    assert photo.picture_edit is not None
    assert photo.picture_edit["operations"] == [{"op": "crop", "x": 0.0, "y": 0.0, "width": 0.5, "height": 1.0}]
    box = Face.objects.get().box
    assert box == pytest.approx((0.65, 0.2, 0.15, 0.1))
    dump.face(key, emma, NEAR, id="again")  # another face of hers there: its box is of the upright picture
    dump.write(tmp_path / "dump.sql")
    assert preparing.examine(owner, "immich", tmp_path / "dump.sql").counts["same"] == 1
    undo(switch)
    assert exported(owner) == before
    assert Face.objects.get().box == pytest.approx(FACE)


def test_undo_locks_people_before_photos_as_all_others_do(
    owner: User, family: dict[str, Photo], tmp_path: Path, dump: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, switch = bring(owner, dump.write(tmp_path / "dump.sql"))
    order: list[str] = []

    def noting(name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            order.append(name)
            return act(*given)

        return noted

    monkeypatch.setattr(acts.constraints, "lock", noting("people", acts.constraints.lock))
    monkeypatch.setattr(acts.photos, "revert", noting("photos", acts.photos.revert))
    undo(switch)
    assert order[:2] == ["people", "photos"]
