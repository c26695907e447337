"""What models saw in the pictures: things and written words. Kept apart from the owner's own tags."""

from django.db import models
from django.db.models import Q

from photos.models.photo import Photo


class DetectedObjectQuerySet(models.QuerySet["DetectedObject"]):
    """Which finds count."""

    def in_force(self) -> "DetectedObjectQuerySet":
        """All but those that the owner rejected. Whether somebody wants labels at all: `user.automatic_labels`."""
        return self.exclude(state=DetectedObject.State.REJECTED)

    def decided(self) -> "DetectedObjectQuerySet":
        """Those of which the owner said something; a new run leaves them as they are."""
        return self.exclude(state=DetectedObject.State.PROPOSED)


class DetectedObject(models.Model):
    """A thing in a photo, by one of COCO's eighty names. The box is in fractions of the upright picture.

    A label whose every box in a photo is rejected is rejected for that photo: a later run does not bring it back.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="detected_objects")
    label = models.CharField(max_length=40)
    score = models.FloatField(help_text="Of the model, 0 to 1.")
    x = models.FloatField()
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    frame_seconds = models.FloatField(null=True, blank=True, help_text="Of a video: when.")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PROPOSED)
    model = models.CharField(max_length=60)

    objects = DetectedObjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(x__gte=0, y__gte=0, width__gt=0, height__gt=0, x__lte=1, y__lte=1),
                name="detectedobject_inside",
            )
        ]
        indexes = [
            models.Index(fields=["label", "photo"], name="detectedobject_label", condition=~Q(state="rejected")),
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.photo_id}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width and height in fractions."""
        return self.x, self.y, self.width, self.height


class PhotoText(models.Model):
    """The words that can be read in a photo. A photo without any has no row."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="text_in_picture")
    text = models.TextField(help_text="All lines, from top to bottom.")
    lines = models.JSONField(default=list, help_text="Of each line: text, score, box (fractions), of a video seconds.")
    rejected = models.BooleanField(default=False, help_text="The owner said that this is no text; remembered.")
    model = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.text[:60]
