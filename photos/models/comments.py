"""What people say to each other about photos."""

from django.conf import settings
from django.db import models

from photos.models.photo import Photo


class Comment(models.Model):
    """A comment by somebody who can see the photo."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["photo", "created_at"], name="comment_thread")]

    def __str__(self) -> str:
        return self.text[:60]
