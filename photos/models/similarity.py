"""Vectors computed from pictures."""

from django.conf import settings
from django.db import models

from photos.models.photo import Photo, make_key


class Embedding(models.Model):
    """A photo's normalised vector by one model, as little-endian float16 bytes."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="embeddings")
    kind = models.CharField(max_length=16, help_text="The index that it belongs to: fingerprints, embeddings …")
    model = models.CharField(max_length=60)
    frame = models.PositiveSmallIntegerField(
        default=0, help_text="For a video, the sampled frame. For a photo, 1 is the picture without its borders."
    )
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "model", "frame"], name="embedding_once")]
        indexes = [models.Index(fields=["kind", "model", "id"], name="embedding_kind")]

    def __str__(self) -> str:
        return f"{self.model} of {self.photo_id}"


class PictureSearch(models.Model):
    """The embedding of a picture that somebody searches with. It is kept for a day, the picture not at all."""

    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    vector = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name_plural = "picture searches"

    def __str__(self) -> str:
        return self.key
