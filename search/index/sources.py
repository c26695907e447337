"""The words of rows that belong to photos: people, tags, comments, and text in pictures."""

from collections.abc import Iterator, Sequence

from mirage.triggers import Watch
from people.models import Face
from photos.models import Comment, PhotoText
from search.index.indexed import Rows, changes, scoped
from search.language.keys import KEYS
from search.language.words import words
from tags.models import PhotoTag

Found = Iterator[tuple[int, str, list[str]]]
OF_FACES = "SELECT photo_id FROM people_face WHERE person_id = NEW.id"
OF_TAGS = "SELECT photo_id FROM tags_phototag WHERE tag_id = NEW.id"


def names_of_people(photo_ids: Sequence[int]) -> Found:
    """All people with a name, only as person_anna, because names are for the owner to search."""
    faces = Face.objects.filter(photo__in=photo_ids, not_a_face=False, person__isnull=False).exclude(person__name="")
    named = faces.order_by("photo", "person__name").values_list("photo", "person__name").distinct()
    for photo_id, name in named:
        yield photo_id, "names", [scoped("person", word) for word in words(name)]


def names_of_tags(photo_ids: Sequence[int]) -> Found:
    """The tags and those above them."""
    rows = PhotoTag.objects.filter(photo__in=photo_ids, rejected=False).order_by("pk").values_list("photo", "tag__path")
    for photo_id, path in rows:
        for part in path.split("/"):
            yield photo_id, "names", words(part)


def comments(photo_ids: Sequence[int]) -> Found:
    for photo_id, text in Comment.objects.filter(photo__in=photo_ids).order_by("pk").values_list("photo", "text"):
        yield photo_id, "notes", words(text)


def text_in_picture(photo_ids: Sequence[int]) -> Found:
    rows = PhotoText.objects.filter(photo__in=photo_ids, rejected=False).values_list("photo", "text")
    for photo_id, text in rows:
        yield photo_id, "pictured", words(text)


PEOPLE = Rows(
    names_of_people,
    (*changes("people_face", "person_id", "not_a_face"), Watch("people_person", "UPDATE", OF_FACES, ("name",))),
)
TAGS = Rows(
    names_of_tags, (*changes("tags_phototag", "tag_id", "rejected"), Watch("tags_tag", "UPDATE", OF_TAGS, ("path",)))
)
COMMENTS = Rows(comments, changes("photos_comment", "text"))
TEXT = Rows(text_in_picture, changes("photos_phototext", "text", "rejected"))


def all_rows() -> list[Rows]:
    """The rows of all keys, and comments, which have no key."""
    return [COMMENTS, *(key.indexed for key in KEYS.values() if isinstance(key.indexed, Rows))]
