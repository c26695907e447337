"""What a user decides about the folders that photos came from."""

from django.conf import settings
from django.db import models

from photos.models.photo import Photo


class FolderCover(models.Model):
    """The photo that stands for a folder. Without one it is the photo that was added last."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="folder_covers")
    path = models.CharField(max_length=1024, help_text="The folder, as in Photo.folder.")
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "path"], name="foldercover_once")]

    def __str__(self) -> str:
        return self.path
