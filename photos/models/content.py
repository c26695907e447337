"""What models found in the pictures: objects and text. Kept apart from the owner's own tags."""

from django.db import models
from django.db.models import Q

from photos.models.photo import Photo


class DetectedObjectQuerySet(models.QuerySet["DetectedObject"]):
    def not_rejected(self) -> "DetectedObjectQuerySet":
        """All but those that the owner rejected. `user.automatic_labels` says whether to show any at all."""
        return self.exclude(state=DetectedObject.State.REJECTED)

    def decided(self) -> "DetectedObjectQuerySet":
        """Those that the owner accepted or rejected. A new run leaves them as they are."""
        return self.exclude(state=DetectedObject.State.PROPOSED)


class DetectedObject(models.Model):
    """An object in a photo, with one of COCO's eighty labels. The box is in fractions of the upright picture.

    If the owner rejects every box of a label in a photo, later runs do not propose the label for that photo again.
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
    """The text in a photo. A photo without text has no row."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="text_in_picture")
    text = models.TextField(help_text="All lines, from top to bottom.")
    lines = models.JSONField(default=list, help_text="Each line: text, score, box (fractions); in videos, seconds.")
    rejected = models.BooleanField(default=False, help_text="The owner said that this is not text.")
    model = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.text[:60]
