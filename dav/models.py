"""Files as their senders see them, locks, and the devices that send them."""

import re
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Token
from albums.models import Album
from photos.models import Photo

START = 20  # characters: sidecars may have shortened names


def start_of(name: str) -> str:
    """How a file's name begins, and those of its sidecars: img_1 for IMG_1-edited.jpg, IMG_1.JPG.xmp, IMG_1(2).json."""
    stem = re.split(r"[.(]", name, maxsplit=1)[0]
    return re.sub(r"-[^\d-]+$", "", stem)[:START].lower()


class Device(models.Model):
    """A phone or program that sends photos with a token of its own, and what happens to what it sends."""

    class App(models.TextChoices):
        """What is installed on it, which decides what the page tells."""

        PHOTOSYNC = "photosync", "PhotoSync"
        FOLDERSYNC = "foldersync", "FolderSync"
        NEXTCLOUD = "nextcloud", "Nextcloud"
        SHORTCUTS = "shortcuts", _lazy("Shortcuts on an iPhone")
        OTHER = "other", _lazy("Another program")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    token = models.OneToOneField(Token, models.CASCADE, related_name="device")
    app = models.CharField(max_length=10, choices=App.choices, default=App.OTHER)
    album = models.ForeignKey(
        Album, models.SET_NULL, null=True, blank=True, related_name="+", help_text=_lazy("Where its photos go as well.")
    )
    folders_as_albums = models.BooleanField(default=False, help_text=_lazy("Sub-folders of Upload become albums."))
    files = models.PositiveIntegerField(default=0, help_text=_lazy("How many photos it has sent."))
    bytes = models.BigIntegerField(default=0)
    last_upload_at = models.DateTimeField(null=True, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    problem = models.TextField(blank=True, help_text=_lazy("Why the last file was refused, until one is accepted."))
    problem_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.app} of {self.user_id}"


class Entry(models.Model):
    """A file or folder below `Upload/`, as the program that put it there sees it.

    A file of a photo refers to it, and stays when the photo is deleted, so that programs do not send it again.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dav_entries")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=255, help_text=_lazy("As it was sent."))
    name_key = models.CharField(max_length=255, help_text=_lazy("The name in normal form C."))
    start = models.CharField(max_length=20, blank=True, help_text=_lazy("How the name begins, as its sidecars' do."))
    is_folder = models.BooleanField(default=False)
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="dav_entries")
    brought = models.BooleanField(default=False, help_text=_lazy("Its photo came into the library by this file."))
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    modified_at = models.DateTimeField(default=timezone.now, help_text=_lazy("As the program said."))
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now, help_text=_lazy("Of a folder: also of anything in it."))
    album = models.ForeignKey(
        Album, models.SET_NULL, null=True, blank=True, related_name="+", help_text=_lazy("What this folder became.")
    )
    properties = models.JSONField(default=dict, blank=True, help_text=_lazy("What programs noted about it."))

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["parent", "name_key"], name="entry_once_in_folder"),
            models.UniqueConstraint(
                fields=["owner", "name_key"], condition=Q(parent=None), name="entry_once_at_the_top"
            ),
        ]
        indexes = [models.Index(fields=["parent", "start"], name="entry_start")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep how the name begins with it."""
        self.start = start_of(self.name_key)
        super().save(*args, **kwargs)


class SmallFile(models.Model):
    """The content of a small file that is no photo, such as a sidecar or what a file manager notes."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="small_file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.entry_id}"


class Lock(models.Model):
    """A lock of a program on a path below `Upload/`, so that others do not write there meanwhile."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField(max_length=4096)
    token = models.CharField(max_length=64, unique=True)
    exclusive = models.BooleanField(default=True)
    deep = models.BooleanField(default=False, help_text=_lazy("Also for all that is in the folder."))
    holder = models.TextField(blank=True, help_text=_lazy("What the program says about itself, as XML."))
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["owner", "path"], name="davlock_path")]

    def __str__(self) -> str:
        return self.path


class SignIn(models.Model):
    """Nextcloud's app waits for its user to let it in. Only hashes of both secrets are stored."""

    asked_with = models.CharField(max_length=64, unique=True, help_text=_lazy("Hash of what the app asks with."))
    page = models.CharField(max_length=64, unique=True, help_text=_lazy("Hash of the secret in the page's address."))
    agent = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=50, blank=True, help_text=_lazy("From where the app asked."))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.agent
