"""Undoing actions of every kind, at once or all in reverse order, restores everything, also after kills and races."""

import json
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, models, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts import batches, undoing
from accounts.action_kinds import ACTION_KINDS
from accounts.models import Activity, User
from albums import actions as albums
from albums.changes import AddToAlbum, TakeOutOfAlbum
from albums.models import Album, AlbumItem
from albums.rules import folders as folder_rules
from duplicates import resolving, resolving_many
from duplicates.models import DuplicateGroup, DuplicateMember
from mirage.refusals import NotPossible
from people import actions as people
from people.models import Face, FaceRejection, Person, PersonSeparation
from photos import catalogue
from photos.editing import bulk, edits, label_changes
from photos.gallery import comments
from photos.gallery.stacking import stacks
from photos.ingest.pattern_preview import LeaveOut
from photos.models import Comment, DetectedObject, PairDecision, Photo, PhotoEdit, PhotoText, Stack
from switching import acts, keeping, preparing
from tags import keywords, tree
from tags.models import PhotoTag, Tag, TagAlias
from tags.teaching import RefuseTag

CAREFUL = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Every table that an action writes to. Of rows that come back as new ones the id and the time do not count.
TABLES: dict[type[models.Model], set[str]] = {
    **{table: set() for table in (Photo, Stack, Album, Tag, DetectedObject, PhotoText)},
    **{table: set() for table in (Comment, DuplicateGroup, Person, Face)},
    **{table: {"id", "at"} for table in (PairDecision, PhotoEdit, FaceRejection, PersonSeparation)},
    AlbumItem: {"added_at"},
    PhotoTag: {"id", "added_at"},
    TagAlias: {"id"},
}


def state() -> dict[str, list[str]]:
    """Everything that undo must restore."""
    found = {}
    for model, but in TABLES.items():
        names = [column.attname for column in model._meta.concrete_fields if column.attname not in but]
        found[model.__name__] = sorted(map(repr, model._default_manager.values_list(*names)))
    return found


@dataclass
class Library:
    """The rows that the actions change."""

    owner: User

    def some(self, a: int, b: int) -> list[Photo]:
        """One photo or a few of the present ones."""
        here = list(Photo.objects.present().select_related("stack").order_by("pk"))
        return here[a % len(here) :][: 1 + b % 3]

    def change(self, change: bulk.Change, a: int, b: int) -> Activity:
        chosen = Photo.objects.filter(pk__in=[photo.pk for photo in self.some(a, b)])
        return bulk.make(self.owner, chosen, change, self.owner)

    def album(self, a: int) -> Album:
        return picked(Album.objects.filter(kind=Album.Kind.MANUAL), a)

    def tag(self, a: int) -> Tag:
        return picked(Tag.objects.all(), a)

    def person(self, a: int) -> Person:
        return picked(Person.objects.filter(merged_into=None), a)

    def group(self, a: int) -> DuplicateGroup:
        return picked(resolving.open_groups(self.owner).order_by("pk"), a)

    def plans(self) -> list[resolving.Plan]:
        return resolving.plans(resolving.open_groups(self.owner))


def picked(rows: Any, a: int) -> Any:
    """One of the rows. Raises NotPossible if there is none."""
    found = list(rows.order_by("pk"))
    if not found:
        raise NotPossible("Nothing is left.")
    return found[a % len(found)]


def unstack(library: Library, a: int) -> Activity:
    stack = picked(Stack.objects.filter(photos__isnull=False).distinct(), a)
    return stacks.unstack(stack, library.owner)


def move_in_album(library: Library, a: int, b: int) -> Activity:
    album = library.album(a)
    keys = list(album.items.order_by("pk").values_list("photo__key", flat=True))
    before = keys[b % len(keys)] if keys and b % 2 else None
    return albums.move(album, library.owner, [key for key in keys[a % 3 :][:2] if key != before], before)


def make_from_folders(library: Library, a: int, b: int) -> Activity:
    rule = folder_rules.find_or_new(library.owner, "Pictures", a % 2, f"{b}*" if b % 2 else "")
    return folder_rules.run(rule, library.owner, follow=False)


def bring_catalogue(library: Library, a: int, b: int) -> Activity:
    """What another Mirage knows about some of the photos."""
    lines = list(catalogue.export(Photo.objects.filter(pk__in=[photo.pk for photo in library.some(a, b)])))
    for line in lines:
        line |= {
            "title": f"Brought {b}",
            "tags": [f"brought/{b % 3}"],
            "albums": [f"Brought {b % 2}"],
            "favourite": True,
        }
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(map(json.dumps, lines)))
        file.flush()
        switch = keeping.begin(library.owner, "mirage", Path(file.name), by=library.owner)
        preparing.prepare(switch)
    return acts.bring(switch, library.owner)


# Each does something to what the two numbers choose. By kind of action, so that no kind is forgotten.
Action = Callable[[Library, int, int], Activity]
ACTIONS: dict[str, Sequence[Action]] = {
    "photos": (
        lambda on, a, b: on.change(edits.set_words(title=f"Title {b % 3}", rating=b % 5), a, b),
        lambda on, a, b: on.change(edits.shift_time(timedelta(hours=1 + b)), a, b),
        lambda on, a, b: on.change(edits.reset(["title"]), a, b),
        lambda on, a, b: on.change(LeaveOut(), a, b),
        lambda on, a, b: on.change(AddToAlbum(on.album(a).pk), a, b),
        lambda on, a, b: on.change(TakeOutOfAlbum(on.album(a).pk), a, b),
        lambda on, a, b: on.change(keywords.change_keywords([on.tag(a).path], [on.tag(b).path]), a, b),
        lambda on, a, b: on.change(keywords.ResetKeywords(), a, b),
        lambda on, a, b: on.change(RefuseTag(on.tag(a).path, 0.5), a, b),
        lambda on, a, b: on.change(
            label_changes.DecideObjects("dog", ["accepted", "rejected", "proposed"][b % 3], []), a, b
        ),
        lambda on, a, b: on.change(label_changes.DecideText(rejected=bool(b % 2)), a, b),
        lambda on, a, b: on.change(bulk.Together.of([edits.set_words(title="Both"), AddToAlbum(on.album(a).pk)]), a, b),
    ),
    "stacks": (
        lambda on, a, b: stacks.stack_chosen(on.owner, on.some(a, b), on.owner),
        lambda on, a, b: unstack(on, a),
    ),
    "comments": (lambda on, a, b: comments.remove(picked(Comment.objects.all(), a), on.owner),),
    "albums": (
        lambda on, a, b: albums.edit(on.album(a), on.owner, name=f"Album {b}", description="About it"),
        lambda on, a, b: albums.edit(on.album(a), on.owner, parent=Album.objects.get(kind=Album.Kind.FOLDER)),
        lambda on, a, b: albums.edit(on.album(a), on.owner, cover=on.some(a, b)[0]),
        lambda on, a, b: albums.delete(on.album(a), on.owner),
        lambda on, a, b: albums.take_out(on.album(a), on.owner, [photo.pk for photo in on.some(a, b)]),
        lambda on, a, b: albums.sort_by_time(on.album(a), on.owner),
        lambda on, a, b: albums.set_heading(on.album(a), on.owner, on.some(b, 0)[0].key, f"Day {b}"),
        move_in_album,
    ),
    folder_rules.KIND: (make_from_folders,),
    "tags": (
        lambda on, a, b: tree.add(on.owner, f"new {b % 3}", on.tag(a) if a % 2 else None)[1],
        lambda on, a, b: tree.rename(on.tag(a), f"tag {b % 5}"),
        lambda on, a, b: tree.recolour(on.tag(a), f"#3d7fd{b}"),
        lambda on, a, b: tree.move(on.tag(a), on.tag(b) if b % 3 else None),
        lambda on, a, b: tree.merge(on.tag(a), on.tag(b)),
        lambda on, a, b: tree.delete(on.tag(a)),
    ),
    "duplicates": (
        lambda on, a, b: resolving.keep_best(on.owner, [resolving.plan(on.group(a))], on.owner, merge=bool(b % 2)),
        lambda on, a, b: resolving.keep_all(on.owner, on.group(a), on.owner),
        lambda on, a, b: resolving.stack(on.owner, on.group(a), on.owner),
        lambda on, a, b: resolving_many.make(on.owner, on.plans(), on.owner, merge=bool(b % 2)),
    ),
    "people": (
        lambda on, a, b: people.name_person(on.person(a), f"Name {b % 3}", on.owner),
        lambda on, a, b: people.merge(on.person(a), [on.person(b)], on.owner),
        lambda on, a, b: people.separate(on.person(a), on.person(b), on.owner),
        lambda on, a, b: people.reject([picked(Face.objects.all(), b)], on.person(a), on.owner),
        lambda on, a, b: people.mark_not_a_face([picked(Face.objects.all(), a)], on.owner),
    ),
    "switching": (bring_catalogue,),
}
ALL = [action for actions in ACTIONS.values() for action in actions]
STEPS = st.lists(st.tuples(st.integers(0, len(ALL) - 1), st.integers(0, 9), st.integers(0, 9)), max_size=8)


@pytest.fixture
def library(owner: User, make_photo: Callable[..., Photo]) -> Library:
    """Eight photos with three groups of two duplicates, and related rows of all kinds."""
    photos = [
        make_photo(title=f"Photo {number}", size=1000 + number, folder=f"Pictures/{number % 3}") for number in range(8)
    ]
    folder = albums.create(owner, "Folder", kind=Album.Kind.FOLDER)
    for name, some in (("Lisbon", photos[:4]), ("Porto", photos[3:])):
        album = albums.create(owner, name, parent=folder if name == "Porto" else None)
        bulk.make(owner, Photo.objects.filter(pk__in=[photo.pk for photo in some]), AddToAlbum(album.pk), owner)
    for path, photo in (("travel/japan", photos[0]), ("travel", photos[1]), ("trips/japan", photos[2])):
        bulk.make(owner, Photo.objects.filter(pk=photo.pk), keywords.change_keywords([path]), owner)
    for first, second in (photos[:2], photos[2:4], photos[4:6]):
        group = DuplicateGroup.objects.create(owner=owner, tier="same", saving=second.size)
        DuplicateMember.objects.create(group=group, photo=first, role="best", similarity=1.0)
        DuplicateMember.objects.create(group=group, photo=second, role="copy", similarity=1.0)
    box = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    for number, photo in enumerate(photos[:4]):
        person = Person.objects.create(owner=owner, name=f"Person {number}" if number % 2 else "")
        Face.objects.create(photo=photo, person=person, assignment="automatic", score=0.9, **box)
        DetectedObject.objects.create(photo=photo, label="dog", score=0.9, model="test", **box)
        PhotoText.objects.create(photo=photo, text="EXIT", model="test")
        Comment.objects.create(photo=photo, author=owner, text=f"Comment {number}")
    bulk.make(owner, Photo.objects.filter(pk=photos[0].pk), edits.set_words(title="Edited"), owner)
    stacks.make(photos[6:], photos[6])
    AlbumItem.objects.filter(photo=photos[0]).update(position=2e9)  # not where its time says
    return Library(owner)


def done(library: Library, step: tuple[int, int, int]) -> Activity | None:
    """Do it. Returns None if it is refused or changes nothing."""
    number, a, b = step
    before = state()
    try:
        activity = ALL[number](library, a, b)
    except (NotPossible, resolving.CannotResolve, people.NameTaken):
        assert state() == before
        return None
    if undoing.can_undo(activity):
        return activity
    assert state() == before
    return None


def test_every_kind_of_action_is_tested() -> None:
    assert set(ACTIONS) == set(ACTION_KINDS)


@pytest.mark.parametrize("number", range(len(ALL)))
def test_each_action_is_undone_once(library: Library, number: int) -> None:
    before = state()
    found = (activity for a in range(3) for b in (2, 0, 1) if (activity := done(library, (number, a, b))))
    activity = next(found)
    assert state() != before
    undoing.undo(activity, library.owner)
    assert activity.undone_at is not None
    assert state() == before
    with pytest.raises(NotPossible):
        undoing.undo(activity, library.owner)
    assert state() == before


@CAREFUL
@given(steps=STEPS)
def test_undo_restores_everything(library: Library, steps: list[tuple[int, int, int]]) -> None:
    with transaction.atomic():
        beginning, kept = state(), []
        for step in steps:
            before = state()
            activity = done(library, step)
            if activity is not None and sum(step) % 2:
                undoing.undo(activity, library.owner)
                assert state() == before
            elif activity is not None:
                kept.append(activity)
        for activity in reversed(kept):
            undoing.undo(activity, library.owner)
        assert state() == beginning
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "act",
    [
        lambda on: bulk.make(on.owner, Photo.objects.all(), edits.set_words(title="Many"), on.owner),
        lambda on: bulk.make(on.owner, Photo.objects.all(), keywords.change_keywords(["travel"]), on.owner),
        lambda on: bulk.make(on.owner, Photo.objects.all(), AddToAlbum(on.album(0).pk), on.owner),
        lambda on: resolving_many.make(on.owner, on.plans(), on.owner),
    ],
    ids=["words", "tags", "album", "duplicates"],
)
def test_a_kill_between_batches_changes_nothing(
    library: Library, act: Callable[[Library], Activity], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A different process does and undoes each batch."""
    before = state()
    for kind in (bulk.Changes, resolving_many.Plans):
        monkeypatch.setattr(kind, "size", 1)
        monkeypatch.setattr(kind, "at_once", 0)
    told: list[int] = []
    monkeypatch.setattr(batches, "enqueue", lambda *call: told.append(call[-1]) or True)  # type: ignore[func-returns-value]

    def go_on_in_other_processes() -> None:
        while batches.resume_unfinished():
            batches.step(told.pop())

    activity = act(library)
    assert state() == before
    go_on_in_other_processes()
    after = state()
    assert after != before
    undoing.undo(activity, library.owner)
    assert (state(), activity.undone_at) == (after, None)
    go_on_in_other_processes()
    assert state() == before


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="two connections at once")
@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_undos_one_is_refused(library: Library) -> None:
    assert connection.vendor == "postgresql"
    for number, actions in enumerate(ACTIONS.values()):
        before = state()
        activity = actions[0](library, 0, 2)
        outcomes: list[str] = []
        rivals = [threading.Thread(target=rival, args=(activity.pk, library.owner, outcomes)) for _ in range(2)]
        for one in rivals:
            one.start()
        for one in rivals:
            one.join()
        assert sorted(outcomes) == ["refused", "undone"], number
        assert state() == before


def rival(pk: int, by: User, outcomes: list[str]) -> None:
    try:
        undoing.undo(Activity.objects.get(pk=pk), by)
        outcomes.append("undone")
    except NotPossible:
        outcomes.append("refused")
    finally:
        connections.close_all()
