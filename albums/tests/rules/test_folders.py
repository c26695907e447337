"""Albums from folders by a rule: what is planned, what a second run adds, and what undo leaves."""

from collections.abc import Callable

import pytest
from django.core.management import call_command

from accounts import undoing
from accounts.models import Activity, User
from albums import actions, items
from albums.models import Album, AlbumItem, FolderAlbum, FolderRule, OfferedPhoto
from albums.rules import folders as folder_rules
from mirage.refusals import NotPossible
from operations import schedule
from photos import upkeep
from photos.models import Photo

Maker = Callable[..., Photo]


@pytest.fixture
def photos(make_photo: Maker) -> dict[str, list[Photo]]:
    made: dict[str, list[Photo]] = {}
    for folder in (
        *("Pics/2019/Lisbon", "Pics/2019/Lisbon", "Pics/2019", "Pics/2020/Lisbon", "Pics/2020/Rome/Day 1", "Pics"),
        *("pics/2019/x", "Pics2/2019/y", ""),
    ):
        made.setdefault(folder, []).append(make_photo(folder=folder))
    make_photo(folder="Pics/2021/hidden", archived=True)
    return made


def planned(owner: User, folder: str = "Pics", depth: int = 1, pattern: str = "") -> dict[str, int]:
    found = folder_rules.plan(folder_rules.find_or_new(owner, folder, depth, pattern))
    return {one.name: len(one.photos) for one in found}


def run(owner: User, depth: int = 1, *, follow: bool = False) -> Activity:
    return folder_rules.run(folder_rules.find_or_new(owner, "Pics", depth, ""), owner, follow=follow)


def contents() -> dict[str, int]:
    return {album.name: album.items.count() for album in Album.objects.order_by("name")}


@pytest.mark.parametrize(
    ("folder", "depth", "pattern", "albums"),
    [
        ("Pics", 1, "", {"2019": 3, "2020": 2}),
        ("Pics", 2, "", {"Lisbon (2019)": 2, "Lisbon (2020)": 1, "Rome": 1}),
        ("Pics", 3, "", {"Day 1": 1}),
        ("Pics", 0, "", {"2019": 1, "Lisbon (2019)": 2, "Lisbon (2020)": 1, "Day 1": 1}),
        ("Pics", 2, "LIS*", {"Lisbon (2019)": 2, "Lisbon (2020)": 1}),
        ("", 1, "", {"Pics": 6, "pics": 1, "Pics2": 1}),
        ("/Pics/2019/", 1, "", {"Lisbon": 2}),
        ("Nothing", 1, "", {}),
    ],
)
def test_which_folders_become_albums(
    owner: User, photos: dict[str, list[Photo]], folder: str, depth: int, pattern: str, albums: dict[str, int]
) -> None:
    assert planned(owner, folder, depth, pattern) == albums
    assert not FolderRule.objects.exists()  # a preview writes nothing


@pytest.mark.parametrize(("depth", "pattern"), [(4, ""), (-1, ""), (1, "x" * 101), (1, "*" * 9)])
def test_what_is_no_rule_is_refused(owner: User, depth: int, pattern: str) -> None:
    with pytest.raises(NotPossible, match="how deep"):
        folder_rules.find_or_new(owner, "Pics", depth, pattern)


def test_albums_are_made_as_one_act_and_undone(owner: User, photos: dict[str, list[Photo]]) -> None:
    activity = run(owner)
    assert contents() == {"2019": 3, "2020": 2}
    assert folder_rules.sentence(activity.detail) == "Made 2 albums from folders with 5 photos"
    assert list(AlbumItem.objects.values_list("added_by", flat=True).distinct()) == [owner.pk]
    with pytest.raises(NotPossible, match="no folder"):
        run(owner)
    undoing.undo(activity, owner)
    assert not Album.everything.exists()
    assert not FolderRule.objects.exists()
    assert run(owner).detail["photos"] == 5


def test_a_second_run_adds_what_is_new_and_nothing_else(
    owner: User, photos: dict[str, list[Photo]], make_photo: Maker
) -> None:
    run(owner)
    renamed, removed = Album.objects.get(name="2019"), photos["Pics/2019"][0]
    actions.edit(renamed, owner, name="My year")
    actions.take_out(renamed, owner, [removed.pk])
    actions.delete(Album.objects.get(name="2020"), owner)
    make_photo(folder="Pics/2019/Porto")
    make_photo(folder="Pics/2020/Rome")
    make_photo(folder="Pics/2022")
    assert planned(owner) == {"My year": 1, "2022": 1}
    second = run(owner)
    assert contents() == {"My year": 3, "2022": 1}
    assert not renamed.items.filter(photo=removed).exists()
    undoing.undo(second, owner)
    assert contents() == {"My year": 2}
    assert planned(owner) == {}  # what was undone does not come again


def test_a_renamed_folder_keeps_its_album(owner: User, photos: dict[str, list[Photo]], make_photo: Maker) -> None:
    run(owner)
    Photo.objects.filter(folder="Pics/2020/Rome/Day 1").update(folder="Pics/Italy/Rome/Day 1")
    Photo.objects.filter(folder="Pics/2020/Lisbon").update(folder="Pics/Italy/Lisbon")
    assert planned(owner) == {}
    make_photo(folder="Pics/Italy")
    assert planned(owner) == {"2020": 1}
    run(owner)
    assert contents() == {"2019": 3, "2020": 3}
    assert planned(owner) == {}
    assert set(FolderAlbum.objects.values_list("folder", flat=True)) == {"Pics/2019", "Pics/Italy"}


def test_a_photo_that_moves_to_another_folder_comes_into_its_album(owner: User, photos: dict[str, list[Photo]]) -> None:
    run(owner)
    Photo.objects.filter(pk=photos["Pics/2019"][0].pk).update(folder="Pics/2020")
    assert planned(owner) == {"2020": 1}


def test_undo_leaves_what_somebody_has_made_of_an_album(
    owner: User, photos: dict[str, list[Photo]], make_photo: Maker
) -> None:
    activity = run(owner, 2)
    mine = make_photo()
    items.add(Album.objects.get(name="Rome"), [mine.pk], owner)
    actions.edit(Album.objects.get(name="Lisbon (2020)"), owner, description="Rain")
    undoing.undo(activity, owner)
    assert contents() == {"Lisbon (2020)": 0, "Rome": 1}


def test_rules_that_follow(owner: User, photos: dict[str, list[Photo]], make_photo: Maker) -> None:
    run(owner, follow=True)
    assert folder_rules.keep_up() == 0
    make_photo(folder="Pics/2023")
    assert folder_rules.keep_up() == 1
    assert contents()["2023"] == 1
    assert Activity.objects.filter(actor=None, verb="album rules.done").count() == 1
    FolderRule.objects.update(following=False)
    make_photo(folder="Pics/2024")
    assert folder_rules.keep_up() == 0


def test_a_rule_that_cannot_run_stops_no_other(
    owner: User,
    stranger: User,
    photos: dict[str, list[Photo]],
    make_photo: Maker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folder_rules, "MOST_ALBUMS", 1)
    FolderRule.objects.create(owner=owner, folder="Pics", depth=1, following=True)  # two new albums
    FolderRule.objects.create(owner=stranger, folder="Pics", depth=1, following=True)
    make_photo(folder="Pics/2023", owner=stranger, sha256="a" * 64)
    assert folder_rules.keep_up() == 1
    assert contents() == {"2023": 1}


def test_rules_run_in_a_task_of_their_own_and_not_while_tidying(
    owner: User, photos: dict[str, list[Photo]], make_photo: Maker
) -> None:
    run(owner, follow=True)
    make_photo(folder="Pics/2023")
    upkeep.tidy()
    assert "2023" not in contents()
    call_command("run_task", "albums")
    assert contents()["2023"] == 1
    assert not schedule.tasks()["albums"].light


def test_a_forgotten_rule_leaves_its_albums(owner: User, photos: dict[str, list[Photo]]) -> None:
    run(owner)
    folder_rules.forget(FolderRule.objects.get())
    assert contents() == {"2019": 3, "2020": 2}
    assert not FolderAlbum.objects.exists()
    assert not OfferedPhoto.objects.exists()


def test_the_photos_of_others_are_not_touched(
    owner: User, stranger: User, photos: dict[str, list[Photo]], make_photo: Maker
) -> None:
    make_photo(folder="Pics/2019", owner=stranger, sha256="a" * 64)
    assert planned(stranger) == {"2019": 1}
    assert planned(owner)["2019"] == 3


def test_too_many_at_once(owner: User, photos: dict[str, list[Photo]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_rules, "MOST_ALBUMS", 1)
    with pytest.raises(NotPossible, match="At most 1"):
        run(owner)
    assert not FolderRule.objects.exists()
