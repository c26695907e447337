"""People, their faces, and what the owner decided about them: constraints are rows and are never dropped."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _

from media.text import name_key
from photos.models import Photo, make_key

LONGEST_NAME = 120


class PersonQuerySet(models.QuerySet["Person"]):
    """People by name. Case, the encoding of accents and the kind of spaces make no difference."""

    def called(self, name: str) -> "PersonQuerySet":
        """Those who have this name; nobody if it has no visible characters."""
        return self.filter(folded_name=name_key(name), merged_into=None).exclude(folded_name="")


class Person(models.Model):
    """Somebody in the photos, with or without a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="people")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    folded_name = models.CharField(max_length=4 * LONGEST_NAME, blank=True, editable=False, help_text="Of its twins.")
    former_names = models.JSONField(default=list, blank=True, help_text="By which files may call them.")
    birthday = models.DateField(null=True, blank=True)
    cover = models.ForeignKey("Face", models.SET_NULL, null=True, blank=True, related_name="+")
    hidden = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged_from")
    created_at = models.DateTimeField(auto_now_add=True)
    photos_kept = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="How many photos they are in, as of the last count (people/kept/counts.py).",
    )
    faces_kept = models.PositiveIntegerField(
        default=0, editable=False, help_text="How many faces they have in these photos."
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "folded_name"],
                condition=~Q(folded_name="") & Q(merged_into=None),
                name="person_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name or _("Person %(number)s") % {"number": self.pk}

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = name_key(self.name)
        if kwargs.get("update_fields") and "name" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_name"}
        super().save(*args, **kwargs)

    def rename(self, name: str) -> None:
        """Take another name, and keep the old one for files that use it. The row is not saved yet."""
        known = {name_key(each) for each in [name, *self.former_names]}
        if name and name_key(self.name) not in known | {""}:
            self.former_names = [*self.former_names, self.name]
        self.name = name

    def survivor(self) -> "Person":
        """The person that this one was merged into, after all merges."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person


class Recount(models.Model):
    """A person whose photos have to be counted again, noted by triggers (people/kept/counts.py)."""

    person_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"photos of person {self.person_id}"


def leave_alone(collector: Collector, field: Any, faces: Any, using: str) -> None:
    """When a person is deleted, together with their owner, their faces are left without a person."""
    for name, value in (("assignment", Face.Assignment.NONE), ("similarity", None), (field.name, None)):
        column = Face._meta.get_field(name)
        assert isinstance(column, models.Field)
        collector.add_field_update(column, value, faces)


leave_alone.lazy_sub_objs = True  # type: ignore[attr-defined]  # as Django's SET_NULL


class Face(models.Model):
    """A face in a photo. The box is in fractions of the upright picture, from its upper left corner."""

    class Source(models.TextChoices):
        DETECTED = "detected"
        FILE = "file"
        DRAWN = "drawn"

    class Assignment(models.TextChoices):
        NONE = "none"
        AUTOMATIC = "automatic"
        CONFIRMED = "confirmed"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="faces")
    person = models.ForeignKey(Person, leave_alone, null=True, blank=True, related_name="faces")
    assignment = models.CharField(max_length=10, choices=Assignment.choices, default=Assignment.NONE)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.DETECTED)
    not_a_face = models.BooleanField(default=False, help_text="The owner said so; remembered at the next detection.")
    x = models.FloatField()
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    frame_seconds = models.FloatField(null=True, blank=True, help_text="Of a video: when.")
    landmarks = models.JSONField(default=list, help_text="Five points, in fractions.")
    score = models.FloatField(default=0, help_text="Of the detector, 0 to 1.")
    quality = models.FloatField(default=0, help_text="Size, sharpness and pose, 0 to 1.")
    similarity = models.FloatField(null=True, blank=True, help_text="To the person, when assigned automatically.")
    model = models.CharField(max_length=60, blank=True, help_text="Detector and embedder with versions.")
    vector = models.BinaryField(default=b"", blank=True, help_text="Normalised float16, little-endian.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(x__gte=0, y__gte=0, width__gt=0, height__gt=0, x__lte=1, y__lte=1), name="face_box_inside"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(assignment="none"), name="face_assignment_has_person"
            ),
        ]
        indexes = [models.Index(fields=["person", "-quality"], name="face_best")]

    def __str__(self) -> str:
        return f"face in {self.photo_id}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width and height in fractions."""
        return self.x, self.y, self.width, self.height


class Appearance(models.Model):
    """A person in a photo that lists show, with the photo's time, so that one index has a person's photos in order.

    Triggers make and remove these rows (people/kept/appearances.py); no other code does.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="appearances", db_index=False)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="appearances")
    taken_local = models.DateTimeField()
    taken_month = models.PositiveIntegerField()
    stack_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "photo"], name="appearance_once")]
        indexes = [
            models.Index(
                fields=["person", "-taken_local", "-photo", "taken_month", "stack_id"], name="appearance_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.photo_id}"


class FaceRejection(models.Model):
    """The owner said that this face is not this person."""

    face = models.ForeignKey(Face, models.CASCADE, related_name="rejections")
    person = models.ForeignKey(Person, models.CASCADE, related_name="rejections")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["face", "person"], name="facerejection_once")]

    def __str__(self) -> str:
        return f"{self.face_id} is not {self.person_id}"


class PersonSeparation(models.Model):
    """The owner said that these are two different people. first_id < second_id."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="personseparation_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="personseparation_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class FaceScan(models.Model):
    """Which model last looked for faces in a photo. What a new model found waits here until it has seen all photos."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="face_scan")
    model = models.CharField(max_length=60)
    pending = models.JSONField(null=True, blank=True, help_text="Faces of a new model, not applied yet.")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["photo"], name="facescan_pending", condition=Q(pending__isnull=False)),
            models.Index(fields=["-at"], name="facescan_latest", condition=Q(pending__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} by {self.model}"


class Question(models.Model):
    """What grouping could not decide: is this face this person, or are these two one? Each grouping replaces them.

    Where `other` is the person too, a group that is there already falls into two camps: is it one person, or two?
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    face = models.ForeignKey(Face, models.CASCADE, null=True, blank=True, related_name="questions")
    other = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    camp = models.JSONField(default=list, help_text="Where one person may be two: the faces of the other.")
    similarity = models.FloatField(help_text="Cosine of what is compared.")
    chance = models.FloatField(default=0.5, help_text="How likely the answer is yes.")
    value = models.FloatField(help_text="How much the answer is expected to settle; the highest is asked first.")
    poor = models.BooleanField(default=False, help_text="Hardly anybody could tell: asked when nothing better is left.")
    from_file = models.BooleanField(default=False, help_text="The photo's file says so, but not for certain where.")
    skipped_at = models.DateTimeField(null=True, blank=True, help_text="When the answer was: not sure.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "face"], name="question_of_face_once"),
            models.UniqueConstraint(fields=["person", "other"], name="question_of_people_once"),
            models.CheckConstraint(
                condition=Q(face__isnull=False, other__isnull=True) | Q(face__isnull=True, other__isnull=False),
                name="question_of_one_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "poor", "-value", "-id"], name="question_next", condition=Q(skipped_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.face_id or self.other_id} is {self.person_id}?"
