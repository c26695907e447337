"""A small library, and what searches find in it: the language by example."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem
from duplicates.models import DuplicateGroup, DuplicateMember
from photos.gallery import kinds
from photos.models import Comment, DetectedObject, Photo, PhotoEdit, PhotoText
from search.compile import Compiler, find, select
from search.language.grammar import Mistake, parse

BOX = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1, "model": "test"}
IPHONE = {"camera_make": "Apple", "camera_model": "iPhone 13", "lens": "iPhone 13 back dual wide camera 5.1mm f/1.6"}
CANON = {"camera_make": "Canon", "camera_model": "Canon EOS 5D Mark IV", "lens": "EF50mm f/1.8 STM"}
LISBON = {"place": "Lisbon", "region": "Lisboa", "country": "Portugal", "country_code": "PT",
          "latitude": 38.7169, "longitude": -9.1399}  # fmt: skip
SINTRA = {"place": "Sintra", "region": "Lisboa", "country": "Portugal", "country_code": "PT",
          "latitude": 38.8029, "longitude": -9.3817}  # fmt: skip
TOKYO = {"place": "Tokyo", "region": "Tokyo", "country": "Japan", "country_code": "JP",
         "latitude": 35.6895, "longitude": 139.6917}  # fmt: skip
MUNICH = {"place": "Munich", "region": "Bavaria", "country": "Germany", "country_code": "DE",
          "latitude": 48.1374, "longitude": 11.5755}  # fmt: skip

PHOTOS: dict[str, dict[str, Any]] = {
    "beach": {"name": "IMG_0001.jpg", "title": "On the beach", "taken": datetime(2022, 7, 9, 18, 30), "rating": 5,
              "iso": 100, "aperture": 1.8, "focal_length": 5.1, "favourite": True, **LISBON, **IPHONE},
    "palace": {"name": "IMG_0002.HEIC", "description": "The palace of Pena in fog", "taken": datetime(2022, 7, 10, 10),
               "media_type": "image/heic", "iso": 64, "aperture": 1.6, "focal_length": 5.1, **SINTRA, **IPHONE},
    "tower": {"name": "DSC01234.ARW", "title": "東京タワー", "taken": datetime(2023, 4, 2, 22, 15), "rating": 4,
              "media_type": "image/x-sony-arw", "iso": 3200, "aperture": 2.8, "focal_length": 35.0, "size": 42_000_000,
              "camera_make": "SONY", "camera_model": "ILCE-7M3", **TOKYO},
    "sushi": {"name": "sushi.png", "title": "Sushi", "taken": datetime(2023, 4, 3, 12, 30), "media_type": "image/png",
              **TOKYO},
    "party": {"name": "party.mp4", "title": "Grandmother’s 80th birthday", "taken": datetime(2023, 12, 24, 19),
              "kind": "video", "media_type": "video/mp4", "duration": 95.0, "size": 180_000_000, **MUNICH},
    "tree": {"name": "IMG_0100.jpg", "title": "Christmas tree", "taken": datetime(2023, 12, 24, 17, 5), "rating": 3,
             "iso": 800, "aperture": 2.0, "focal_length": 50.0, **MUNICH, **CANON},
    "receipt": {"name": "scan.jpg", "taken": datetime(2024, 1, 8, 9), "archived": True},
    "dog": {"name": "IMG_0200.jpg", "folder": "Pictures/2024/At home", "taken": datetime(2024, 2, 3, 15),
            "iso": 400, "aperture": 1.8, "focal_length": 50.0, **CANON},
    "pano": {"name": "pano.jpg", "title": "Crème brûlée mountains", "taken": datetime(2021, 8, 14, 13),
             "panorama": True, "rating": 0},
    "old": {"name": "scan-0007.jpg", "title": "Anna as a child", "taken": datetime(1994, 6, 1, 12),
            "taken_doubtful": True},
}  # fmt: skip


@pytest.fixture
def library_of_ten(make_photo: Callable[..., Photo], owner: User, tag: Any, name_face: Any) -> dict[str, Photo]:
    """The photos of PHOTOS with people, tags, albums, comments, words and things."""
    week = timedelta(days=7)
    photos = {
        name: make_photo(
            added_at=datetime.now(UTC) - index * week - timedelta(hours=1), **{"size": 2_000_000, **fields}
        )
        for index, (name, fields) in enumerate(PHOTOS.items())
    }
    for name, people in {"beach": ["Anna", "Ben"], "party": ["Anna", "Ben", "Zoë Müller"], "old": ["Anna"]}.items():
        for person in people:
            name_face(photos[name], person)
    name_face(photos["tower"], "Ben"), name_face(photos["tower"], "")
    for name, path in (("tower", "travel/japan"), ("sushi", "travel/japan/food"), ("beach", "travel/portugal"),
                       ("tree", "family"), ("party", "family")):  # fmt: skip
        tag(photos[name], path)
    rejected = tag(photos["dog"], "family")
    rejected.rejected = True
    rejected.save()
    japan = Album.objects.create(owner=owner, name="Japan 2023")
    for name in ("tower", "sushi"):
        AlbumItem.objects.create(album=japan, photo=photos[name], position=1)
    Album.objects.create(owner=owner, name="Best", kind=Album.Kind.SMART, query="rating:>=4")
    folder = Album.objects.create(owner=owner, name="Journeys", kind=Album.Kind.FOLDER)
    Album.objects.filter(pk=japan.pk).update(parent=folder)
    Comment.objects.create(photo=photos["palace"], author=owner, text="like a fairy tale")
    PhotoText.objects.create(photo=photos["receipt"], text="INVOICE No. 4711\nTotal 12,50", model="test")
    DetectedObject.objects.create(photo=photos["dog"], label="dog", score=0.9, **BOX)
    DetectedObject.objects.create(photo=photos["party"], label="cake", score=0.7, **BOX)
    DetectedObject.objects.create(photo=photos["tree"], label="dog", score=0.4, state="rejected", **BOX)
    group = DuplicateGroup.objects.create(owner=owner, tier="same")
    DuplicateMember.objects.create(group=group, photo=photos["dog"], similarity=1)
    PhotoEdit.objects.create(photo=photos["old"], field="title", value="Anna as a child", by=owner)
    return photos


QUERIES = [
    ("folder:home", "dog"),
    ('folder:"2024/at home"', "dog"),
    ("path:nowhere", ""),
    # words
    ("beach", "beach"),
    ("BEACH", "beach"),
    ("birth", "party"),
    ('"birth"', ""),
    ('"on the beach"', "beach"),
    ('"beach the"', ""),
    ("creme brulee", "pano"),
    ("タワー", "tower"),
    ("京タ", "tower"),
    ("fog", "palace"),
    ("fairy tale", "palace"),
    ("portugal", "beach palace"),
    ("bavaria", "party tree"),
    ("lissabon", "beach"),
    ("anna", "beach party old"),
    ("muller", "party"),
    ("family", "party tree"),
    ("japan", "tower sushi"),
    ("canon", "tree dog"),
    ("IMG_0002", "palace"),
    ("dsc", "tower"),
    ("4711", "receipt"),
    ("dog", "dog"),
    ("puppy", "dog"),
    ("grandmother's", "party"),
    # together
    ("anna ben", "beach party"),
    ("anna AND ben", "beach party"),
    ("beach OR fog", "beach palace"),
    ("anna -ben", "old"),
    ("anna NOT ben", "old"),
    ("(beach OR fog) anna", "beach"),
    ("-(anna OR canon OR japan OR fog)", "receipt pano"),
    # people
    ("person:Anna", "beach party old"),
    ("person:Anna,Zoe", "beach party old"),
    ("person:Anna,Ben all", "beach party"),
    ("person:Anna alone", "old"),
    ("person:Anna,Ben alone", "beach"),
    ("person:Ben alone", ""),
    ('person:"Zoë Müller"', "party"),
    ("person:Nobody", ""),
    ("-has:people type:photo has:rating", "tree pano"),
    # tags and albums
    ("tag:travel", "beach tower sushi"),
    ("tag:travel/japan", "tower sushi"),
    ("tag:food", "sushi"),
    ("tag:family,food", "party tree sushi"),
    ("tag:family,travel all", ""),
    ('album:"Japan 2023"', "tower sushi"),
    ("album:Best", "beach tower"),
    ("album:Journeys", "tower sushi"),
    # places
    ("place:Lisbon", "beach"),
    ("place:Lisboa", "beach palace"),
    ("place:=Lisboa", "beach palace"),
    ("country:Japan", "tower sushi"),
    ("country:de", "party tree"),
    ("near:38.7169,-9.1399 1km", "beach"),
    ("near:38.7169,-9.1399 30km", "beach palace"),
    ("has:gps -country:pt", "tower sushi party tree"),
    # time
    ("date:2022", "beach palace"),
    ("date:2023-04", "tower sushi"),
    ("date:2023-12-24", "party tree"),
    ("date:2022-07..2023-04", "beach palace tower sushi"),
    ("date:..2000", "old"),
    ("date:>2023", "receipt dog"),
    ("date:summer 2022", "beach palace"),
    ("date:summer", "beach palace pano old"),
    ("date:winter 2023", "party tree receipt dog"),
    ("date:24 december", "party tree"),
    ("date:1990s", "old"),
    ("taken:night", "tower"),
    ("taken:evening", "beach party tree"),
    ("taken:weekend date:2022", "beach palace"),
    ("added:yesterday,today", "beach"),
    ('added:"last 30 days"', "beach palace tower sushi party"),
    # the camera and the file
    ("camera:iphone", "beach palace"),
    ('camera:="iPhone 13"', "beach palace"),
    ('camera:"EOS 5D"', "tree dog"),
    ("lens:ef50mm", "tree dog"),
    ("iso:>800", "tower"),
    ("iso:>=800", "tower tree"),
    ("iso:100..400", "beach dog"),
    ("f:<2", "beach palace dog"),
    ("f:1.8", "beach dog"),
    ("focal:30..60", "tower tree dog"),
    ("type:video", "party"),
    ("type:raw", "tower"),
    ("type:heic,png", "palace sushi"),
    ("size:>10MB", "tower party"),
    ("duration:>1m", "party"),
    ("file:scan", "receipt old"),
    # what it is and has
    ("rating:>=4", "beach tower"),
    ("rating:0", "pano"),
    ("is:favourite", "beach"),
    ("is:archived", "receipt"),
    ("is:panorama", "pano"),
    ("is:duplicate", "dog"),
    ("is:edited", "old"),
    ("is:doubtful", "old"),
    ("is:unnamed", "tower"),
    ("is:untagged -is:archived", "palace dog pano old"),
    ("has:comments", "palace"),
    ("has:text", "receipt"),
    ("has:faces", "beach tower party old"),
    ("has:albums", "tower sushi"),
    ("object:dog", "dog"),
    ("object:cake,dog", "dog party"),
    ('text:"invoice"', "receipt"),
    ("text:total", "receipt"),
    ("title:anna", "old"),
    ("description:palace", "palace"),
    # all of it at once
    ("person:Anna date:2020..2023 -type:video rating:>=4", "beach"),
    ("(tag:travel OR is:favourite) camera:iphone -country:jp", "beach"),
    ("", "beach palace tower sushi party tree receipt dog pano old"),
]


@pytest.fixture
def wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed zone, so that photos added today do not count as added tomorrow."""
    monkeypatch.setattr(Compiler, "today", property(lambda self: datetime.now(UTC).date()))


def test_the_table_of_queries(library_of_ten: dict[str, Photo], owner: User, wednesday: None) -> None:
    names = {photo.pk: name for name, photo in library_of_ten.items()}
    wrong = []
    for text, expected in QUERIES:
        found = {names[photo.pk] for photo in select(Photo.objects.all(), owner, text)}
        if found != set(expected.split()):
            wrong.append(f"{text}: {' '.join(sorted(found))} instead of {' '.join(sorted(expected.split()))}")
    assert wrong == []
    assert len(QUERIES) >= 60


def test_near_a_town_by_its_name(library_of_ten: dict[str, Photo], owner: User) -> None:
    found = select(Photo.objects.all(), owner, "near:Lisbon 20km")
    assert [photo.title for photo in found] == ["On the beach"]


@pytest.mark.parametrize("text", ["near bavaria", "close to bayern", "around germany", "near munich"])
def test_near_a_region_is_in_it(library_of_ten: dict[str, Photo], owner: User, text: str) -> None:
    found = find(Photo.objects.all(), owner, parse(text))
    assert {photo.original_name for photo in found.photos} == {"party.mp4", "IMG_0100.jpg"}
    assert found.notices == []


def test_plain_words_ask_for_kinds_by_what_is_known_of_them(
    library_of_ten: dict[str, Photo], owner: User, monkeypatch: Any
) -> None:
    """Not only by the names of files, nor by words in them."""
    for name in ("screenshot", "document", "receipt", "meme", "blurred"):
        monkeypatch.setattr(
            kinds, "likely_of", lambda seen, asked, name=name: [library_of_ten["dog"].pk] * (asked == name)
        )
        PhotoText.objects.filter(photo=library_of_ten["dog"]).delete()
        Photo.objects.update(width=1000, height=1000, camera_model="", latitude=None, camera_make="")
        if name != "blurred":
            PhotoText.objects.create(photo=library_of_ten["dog"], text="Total 1.20 2.30 3.50 a b c d", model="test")
        said = {"blurred": "blurry photos"}.get(name, f"{name}s")
        assert library_of_ten["dog"] in find(Photo.objects.all(), owner, parse(said)).photos, name


def test_words_for_kinds_find_titles_for_one_and_for_many(make_photo: Any, owner: User) -> None:
    made = {make_photo(title="Receipt of the plumber"), make_photo(title="Receipts")}
    for text in ("receipts", "receipt"):
        assert set(select(Photo.objects.all(), owner, text)) == made


def test_relative_dates_are_reckoned_from_today(make_photo: Any, owner: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(Compiler, "today", property(lambda self: date(2024, 5, 15)))  # a Wednesday
    for name, day in (("mon", 13), ("sun", 12), ("last", 6), ("before", 5)):
        make_photo(name=name, taken=datetime(2024, 5, day, 23, 59))
    for text, expected in (
        ("this week", {"mon"}), ("last week", {"sun", "last"}), ("last weekend", {"sun"}), ("2 days ago", {"mon"}),
        ("last 10 days", {"mon", "sun", "last"}), ("last year", set()),
        ("this month", {"mon", "sun", "last", "before"}),
    ):  # fmt: skip
        found = select(Photo.objects.all(), owner, f'date:"{text}"')
        assert {photo.original_name for photo in found} == expected, text


@pytest.mark.parametrize("text", ["date:this 29 february", "added:<=this 29 february", "this 29 february"])
def test_a_day_that_this_year_does_not_have_finds_nothing_and_says_so(
    make_photo: Any, owner: User, monkeypatch: Any, text: str
) -> None:
    make_photo(name="leap", taken=datetime(2024, 2, 29), added_at=datetime(2024, 2, 20, tzinfo=UTC))
    monkeypatch.setattr(Compiler, "today", property(lambda self: date(2024, 5, 15)))
    assert find(Photo.objects.all(), owner, parse(text)).photos.count() == 1
    monkeypatch.setattr(Compiler, "today", property(lambda self: date(2026, 5, 15)))
    found = find(Photo.objects.all(), owner, parse(text))
    assert not found.photos.exists()
    assert [notice.message for notice in found.notices] == ["There is no such day: “this 29 february”."]


@pytest.mark.parametrize(
    "text",
    [
        "date:2025..today",
        "date:today..2025",
        "from 2025 to yesterday",
        "between 2025 and today",
        "date:yesterday..2024",
    ],
)
def test_ranges_with_today_are_read_on_every_day(make_photo: Any, owner: User, monkeypatch: Any, text: str) -> None:
    """Whichever end comes first by now."""
    for year in (2019, 2025, 2030):
        make_photo(name=str(year), taken=datetime(year, 7, 1))
    monkeypatch.setattr(Compiler, "today", property(lambda self: date(2026, 5, 15)))
    found = find(Photo.objects.all(), owner, parse(text))
    assert [photo.original_name for photo in found.photos] == ["2025"]
    assert found.notices == []


def test_without_automatic_labels_only_accepted_ones_are_found(library_of_ten: dict[str, Photo], owner: User) -> None:
    owner.automatic_labels = False
    assert not select(Photo.objects.all(), owner, "object:dog").exists()
    DetectedObject.objects.filter(photo=library_of_ten["dog"]).update(state="accepted")
    assert select(Photo.objects.all(), owner, "object:dog").get() == library_of_ten["dog"]


def test_smart_albums_that_refer_to_each_other_terminate(make_photo: Any, owner: User) -> None:
    make_photo(title="sun")
    Album.objects.create(owner=owner, name="One", kind=Album.Kind.SMART, query="album:Two")
    Album.objects.create(owner=owner, name="Two", kind=Album.Kind.SMART, query="album:One OR sun")
    assert select(Photo.objects.all(), owner, "album:One").count() == 1


def test_similar_photos(make_photo: Any, owner: User) -> None:
    import numpy as np

    from photos import vectors
    from photos.models import Embedding
    from vision import embeddings

    made = [make_photo(name=f"{number}.jpg") for number in range(3)]
    for photo, angle in zip(made, (0.0, 0.2, 1.5), strict=True):
        vector = np.zeros(384, np.float32)
        vector[:2] = np.cos(angle), np.sin(angle)
        Embedding.objects.create(photo=photo, kind=embeddings.KIND, model=embeddings.MODEL, vector=vectors.pack(vector))
    found = select(Photo.objects.all(), owner, f"similar:{made[0].key}")
    assert [photo.original_name for photo in found] == ["1.jpg"]


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("sun", 2),
        ("sun sea sand", 2),
        ("sun OR sea OR title:sand", 2),
        ("sun sun sun", 2),
        ("sun (sea OR (sand shell)) place:Lisbon camera:canon", 2),
        ("title:sun title:sea", 1),
        ("-sun -sea -sand", 2),
        ("sun -sea -sand", 4),
        ("dog OR cat OR car", 2),
        ("iso:100 sun date:2023 sea", 2),
    ],
)
def test_words_become_one_question_to_the_index(owner: User, text: str, questions: int) -> None:
    """And one more for names of people, which are searched in the user's own photos only."""
    sql = str(select(Photo.objects.all(), owner, text).query)
    assert sql.count("MATCH") + sql.count("@@") == questions


def test_too_many_conditions_are_a_mistake(owner: User) -> None:
    for number in range(40):
        query = "dog cat car sheep bird"
        Album.objects.create(owner=owner, name=f"All {number}", kind=Album.Kind.SMART, query=query)
    assert not select(Photo.objects.all(), owner, "album:12").exists()
    with pytest.raises(Mistake, match="search is too long") as told:
        select(Photo.objects.all(), owner, "sun album:all")
    assert (told.value.start, told.value.end) == (4, 13)
