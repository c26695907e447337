"""What was computed from the pictures."""

from django.conf import settings
from django.db import models

from photos.models.photo import Photo, make_key


class Embedding(models.Model):
    """A vector of a photo by one model, normalised, as float16 bytes, little-endian."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="embeddings")
    kind = models.CharField(max_length=16, help_text="fingerprints, embeddings …: which index it belongs to.")
    model = models.CharField(max_length=60)
    frame = models.PositiveSmallIntegerField(
        default=0, help_text="Of a video: which sampled frame. Of a photo: 1 within its borders."
    )
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "model", "frame"], name="embedding_once")]
        indexes = [models.Index(fields=["kind", "model", "id"], name="embedding_kind")]

    def __str__(self) -> str:
        return f"{self.model} of {self.photo_id}"


class PictureSearch(models.Model):
    """What a picture that somebody searches with looks like; the picture itself is not kept, and this for a day."""

    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    vector = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "picture searches"

    def __str__(self) -> str:
        return self.key
