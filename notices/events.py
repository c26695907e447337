"""What users are told about: as it happens, and what is looked for once an hour."""

import shutil
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from albums.models import Share
from dav.models import Device
from media.sentences import english
from mirage.web import languages
from notices.access import waiting_for_push
from notices.models import Wishes
from notices.telling import forget_old, tell, tell_administrators
from operations.models import ScheduledTask
from photos.gallery.memories.today import suiting, today_of
from photos.models import Comment
from photos.pipeline import jobs

NEARLY_FULL = 0.95  # of the disk
MORNING = 7  # the hour from which memories of the day are told, where the user lives


def name_of(user: User) -> str:
    return user.get_full_name() or user.username


def tell_of_share(instance: Share, created: bool, **_: Any) -> None:
    """Signal: somebody shares an album or the whole library."""
    if not created:
        return
    by = name_of(instance.owner)
    if instance.album is None:
        text, address = english("%(by)s shares the whole library with you.", by=by), reverse("photos:timeline")
    else:
        text, address = (
            english("%(by)s shares “%(album)s” with you.", by=by, album=instance.album),
            instance.album.get_absolute_url(),
        )
    tell(instance.user, "share", text, address, about=f"share {instance.pk}")


def tell_of_comment(instance: Comment, created: bool, **_: Any) -> None:
    """Signal: somebody comments on another's photo."""
    photo = instance.photo
    if created and instance.author_id != photo.owner_id:
        text = english(
            "%(who)s on %(photo)s: %(words)s",
            who=name_of(instance.author),
            photo=photo.title or photo.original_name,
            words=instance.text,
        )
        tell(photo.owner, "comment", text, photo.get_absolute_url(), about=f"comment {instance.pk}")


def tell_of_refused(device: Device, name: str, reason: str, **_: Any) -> None:
    """Signal: a device's file was refused. The same reason is told once a day."""
    day = timezone.localdate().isoformat()
    text = english("%(name)s: %(file)s was refused. %(reason)s", name=device.token.name, file=name, reason=reason)
    tell(device.user, "upload", text, reverse("dav:devices"), about=f"{device.pk} {day} {reason}")


# --- once an hour -----------------------------------------------------------------------------------------------------


def look_around() -> None:
    """Look for what nobody does: failed backups, a full disk, a day with memories."""
    tell_of_backup()
    tell_of_disk()
    tell_of_memories()
    forget_old()


def push_waiting() -> None:
    """Ask the workers to push what waits."""
    for pk in waiting_for_push().values_list("pk", flat=True):
        jobs.enqueue("push_notice", pk)


def tell_of_backup() -> None:
    """Tell administrators that the last backup failed."""
    task = ScheduledTask.objects.filter(name="backup", succeeded=False, finished_at__isnull=False).first()
    if task is not None and task.finished_at is not None:
        text = english("The backup failed: %(result)s", result=task.result)
        tell_administrators("backup", text, reverse("operations:tasks"), about=f"backup {task.finished_at:%F %T}")


def tell_of_disk() -> None:
    """Tell administrators that the disk is nearly full, at most once a day."""
    usage = shutil.disk_usage(settings.MIRAGE_DATA)
    if usage.used >= NEARLY_FULL * usage.total:
        text = english("The disk of the library is nearly full: %(size)s are left.", size=filesizeformat(usage.free))
        tell_administrators("disk", text, reverse("operations:storage"), about=f"disk {timezone.localdate()}")


def tell_of_memories() -> None:
    """Tell those who want it what the memories of the day are, in the morning."""
    for wishes in Wishes.objects.select_related("user"):
        user = wishes.user
        if not user.is_active or "memories" not in [*wishes.bell, *wishes.mail, *wishes.push]:
            continue
        if timezone.localtime(timezone=user.zone).hour < MORNING:
            continue
        today = today_of(user)
        with languages.speaking_to(user):  # a title is kept as it is
            if cards := suiting(user, today):
                text = english("Memories of the day: %(title)s", title=cards[0].title)
                tell(user, "memories", text, cards[0].url, about=f"memories {today}")
