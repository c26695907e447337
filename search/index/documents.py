"""What is known of a photo in words: the text that is indexed, by how much a hit in it says."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from people.models import Face
from photos.gallery import place_names
from photos.models import Comment, Photo, PhotoText
from search.language.words import words
from tags.models import PhotoTag

COLUMNS = ("names", "notes", "details", "pictured", "scoped")
LONGEST = 3_000  # words of a column; PostgreSQL counts positions up to 16,383
GAP = "_"  # stands between values, so that no phrase goes from one into the next
FIELDS = (
    "title", "description", "original_name", "place", "region", "country", "country_code", "camera_make",
    "camera_model", "lens",
)  # fmt: skip


@dataclass
class Document:
    """The words of a photo, value by value.

    names: title, tags, and people as person_anna, because their names are for the owner alone to search. notes:
    description, comments, place. details: file name, camera, the place in other languages. pictured: what is written in
    the picture. scoped: the same words under the name of their key (place_porto), and whole (place=porto).
    """

    names: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    details: list[list[str]] = field(default_factory=list)
    pictured: list[list[str]] = field(default_factory=list)
    scoped: list[list[str]] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        """The words of a column in order, with a gap between values."""
        runs = [run for run in getattr(self, name) if run]
        joined = [word for run in runs for word in (*run, GAP)]
        return joined[:-1][:LONGEST]

    def scope(self, key: str, *values: str) -> None:
        """Let these values be found by the key, each by its words and as a whole."""
        for value in values:
            if found := words(value):
                self.scoped += [[scoped(key, word) for word in found], [whole(key, found)]]


def scoped(key: str, word: str) -> str:
    return f"{key}_{word}"


def whole(key: str, value: Sequence[str]) -> str:
    return f"{key}={'_'.join(value)}"


def document(photo: dict[str, str]) -> Document:
    """What the photo's own columns say."""
    camera = f"{photo['camera_make']} {photo['camera_model']}"
    elsewhere = sorted(place_names.also_called(photo["country_code"], photo["place"]))
    made = Document(
        names=[words(photo["title"])],
        notes=[words(photo[name]) for name in ("description", "place", "region", "country")],
        details=[words(photo["original_name"]), words(camera), *map(words, elsewhere)],
    )
    made.scope("title", photo["title"])
    made.scope("description", photo["description"])
    made.scope("place", photo["place"], photo["region"])
    made.scope("country", photo["country"], photo["country_code"])
    made.scope("place", *elsewhere)
    made.scope("country", *elsewhere)
    made.scope("camera", camera, photo["camera_model"])
    made.scope("lens", photo["lens"])
    made.scope("file", photo["original_name"])
    return made


def documents(photo_ids: Iterable[int]) -> dict[int, Document]:
    """The documents of those of the photos that exist, in five queries."""
    ids = list(photo_ids)
    rows = Photo.objects.filter(pk__in=ids).values("pk", *FIELDS)
    made = {row["pk"]: document(row) for row in rows}
    for photo_id, name in names_of_people(ids):
        made[photo_id].names.append([scoped("person", word) for word in words(name)])
    tagged = PhotoTag.objects.filter(photo__in=ids, rejected=False).order_by("pk").values_list("photo", "tag__path")
    for photo_id, path in tagged:
        made[photo_id].names += [words(part) for part in path.split("/")]
    for photo_id, text in Comment.objects.filter(photo__in=ids).order_by("pk").values_list("photo", "text"):
        made[photo_id].notes.append(words(text))
    for photo_id, text in PhotoText.objects.filter(photo__in=ids, rejected=False).values_list("photo", "text"):
        made[photo_id].pictured.append(words(text))
    return made


def names_of_people(photo_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Photo and name of everybody who has one, each once."""
    faces = Face.objects.filter(photo__in=photo_ids, not_a_face=False, person__isnull=False).exclude(person__name="")
    seen: dict[int, set[str]] = defaultdict(set)
    for photo_id, name in faces.order_by("pk").values_list("photo", "person__name"):
        seen[photo_id].add(name)
    return [(photo_id, name) for photo_id, names in seen.items() for name in sorted(names)]
