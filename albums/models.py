"""Albums, their items, shares and public links."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from photos.models import Photo, make_key


class Role(models.TextChoices):
    """What somebody may do with an album. Each role includes the ones before it and compares as higher."""

    VIEWER = "viewer", _lazy("may look")
    CONTRIBUTOR = "contributor", _lazy("may add photos")
    CO_OWNER = "co-owner", _lazy("may arrange")
    OWNER = "owner", _lazy("owns it")

    @classmethod
    def granted(cls) -> list["Role"]:
        """The roles that can be given by sharing."""
        return [role for role in cls if role is not cls.OWNER]

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def __lt__(self, other: str) -> bool:
        return self.rank < Role(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Role(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Role(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Role(other).rank


class PresentAlbums(models.Manager["Album"]):
    """Albums that are not deleted."""

    def get_queryset(self) -> "models.QuerySet[Album]":
        return super().get_queryset().filter(deleted_at=None)


class Album(models.Model):
    """An album by hand, a smart album (a search), or a folder of albums.

    A deleted album keeps its rows for a while, so that it can be restored completely.
    """

    class Kind(models.TextChoices):
        MANUAL = "manual"
        SMART = "smart"
        FOLDER = "folder"

    class View(models.TextChoices):
        """How an album by hand is shown."""

        ARRANGED = "arranged", _lazy("As arranged")
        DAYS = "days", _lazy("By day")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="albums")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.MANUAL)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    cover = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    query = models.TextField(blank=True, help_text="Of a smart album.")
    newest_first = models.BooleanField(default=False, help_text="Of an album by hand: its order by time.")
    view = models.CharField(max_length=8, choices=View.choices, default=View.ARRANGED)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PresentAlbums()
    everything = models.Manager["Album"]()

    class Meta:
        base_manager_name = "everything"
        constraints = [models.CheckConstraint(condition=Q(kind="smart") | Q(query=""), name="album_query_if_smart")]
        indexes = [models.Index(fields=["owner", "-created_at"], name="album_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("albums:album", args=[self.key])

    @property
    def is_manual(self) -> bool:
        return self.kind == self.Kind.MANUAL

    @property
    def is_arranged(self) -> bool:
        """Whether it is shown in an order of its own, under headings."""
        return self.is_manual and self.view == self.View.ARRANGED

    @property
    def is_smart(self) -> bool:
        return self.kind == self.Kind.SMART

    @property
    def is_folder(self) -> bool:
        return self.kind == self.Kind.FOLDER


class AlbumItem(models.Model):
    """A photo in an album. Positions are explained in albums/items.py."""

    album = models.ForeignKey(Album, models.CASCADE, related_name="items")
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="album_items")
    position = models.FloatField()
    heading = models.CharField(max_length=255, blank=True, help_text="Shown above this photo.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["album", "photo"], name="albumitem_once")]
        indexes = [models.Index(fields=["album", "position", "id"], name="albumitem_order")]

    def __str__(self) -> str:
        return f"{self.photo_id} in {self.album_id}"


class Share(models.Model):
    """Lets another user see an album or, without an album, the whole library."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares_given")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares_received")
    album = models.ForeignKey(Album, models.CASCADE, null=True, blank=True, related_name="shares")
    role = models.CharField(
        max_length=11, choices=[(role.value, role.label) for role in Role.granted()], default=Role.VIEWER
    )
    on_timeline = models.BooleanField(default=True, help_text="Of a partner's library: shown in the own timeline.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["album", "user"], name="share_album_once"),
            models.UniqueConstraint(fields=["owner", "user"], condition=Q(album=None), name="share_library_once"),
            models.CheckConstraint(condition=~Q(owner=models.F("user")), name="share_not_with_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.album_id or 'library'} with {self.user_id}"


class ShareLink(models.Model):
    """A public address of an album, a selection or a search. Only the hash of its secret part is stored."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="share_links")
    key = models.CharField(max_length=16, unique=True, default=make_key, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255, blank=True)
    album = models.ForeignKey(Album, models.CASCADE, null=True, blank=True, related_name="links")
    query = models.TextField(blank=True)
    photo_keys = models.JSONField(default=list, blank=True, help_text="Of a selection.")
    password = models.CharField(max_length=128, blank=True, help_text="Hashed.")
    expires_at = models.DateTimeField(null=True, blank=True)
    view_limit = models.PositiveIntegerField(null=True, blank=True)
    views = models.PositiveIntegerField(default=0)
    allow_download = models.BooleanField(default=True)
    allow_originals = models.BooleanField(default=False, help_text="Of edited photos, beside the edit.")
    allow_upload = models.BooleanField(default=False)
    upload_limit_bytes = models.BigIntegerField(null=True, blank=True, help_text="Of all files together.")
    uploaded_bytes = models.BigIntegerField(default=0)
    show_metadata = models.BooleanField(default=True)
    show_place = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], name="sharelink_newest")]

    def __str__(self) -> str:
        return self.name or f"link {self.pk}"


class KnownTrips(models.Model):
    """The trips of a library as they were found last, so that no page waits while they are looked for."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="known_trips")
    trips = models.JSONField(default=list)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "known trips"

    def __str__(self) -> str:
        return f"trips of {self.owner_id}"


class FolderRule(models.Model):
    """A rule that makes albums of folders (albums/rules/folders.py)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="folder_rules")
    folder = models.CharField(max_length=500, blank=True, help_text="Of photos, as in Photo.folder; empty for all.")
    depth = models.PositiveSmallIntegerField(default=1, help_text="Levels below the folder; 0: where photos are.")
    pattern = models.CharField(max_length=100, blank=True, help_text="Of the folder's name, with * and ?.")
    following = models.BooleanField(default=False, help_text="New folders become albums by themselves.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "folder", "depth", "pattern"], name="folderrule_once"),
        ]

    def __str__(self) -> str:
        return f"albums from {self.folder or 'all folders'}"


class FolderAlbum(models.Model):
    """Which folder became which album. Without an album it was deleted, and is not made again."""

    rule = models.ForeignKey(FolderRule, models.CASCADE, related_name="links")
    folder = models.CharField(max_length=500)
    album = models.ForeignKey(Album, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="That it was given.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "folder"], name="folderalbum_once")]

    def __str__(self) -> str:
        return self.folder


class OfferedPhoto(models.Model):
    """A photo that a rule has put into an album once, so that it does not come again when somebody has removed it."""

    link = models.ForeignKey(FolderAlbum, models.CASCADE, related_name="offered")
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "photo"], name="offeredphoto_once")]

    def __str__(self) -> str:
        return f"{self.photo_id} in {self.link_id}"
