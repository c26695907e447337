"""The devices that send photos: what each has sent, and what went wrong."""

from django.db.models import F
from django.utils import timezone

from accounts.models import Token
from accounts.security.sessions import device as called
from dav.models import Device, Entry
from dav.signals import upload_refused
from media.sentences import english

APPS = {
    "photosync": Device.App.PHOTOSYNC,
    "foldersync": Device.App.FOLDERSYNC,
    "nextcloud": Device.App.NEXTCLOUD,
    "shortcuts": Device.App.SHORTCUTS,
}


def device_of(token: Token, agent: str) -> Device:
    """The device of this token, which becomes one with its first file."""
    lower = agent.lower()
    app = next((app for word, app in APPS.items() if word in lower), Device.App.OTHER)
    found, _ = Device.objects.select_related("album", "user").get_or_create(
        token=token, defaults={"user": token.user, "app": app}
    )
    return found


def note_upload(device: Device, entry: Entry) -> None:
    """Count a photo that has arrived."""
    Device.objects.filter(pk=device.pk).update(
        files=F("files") + 1, bytes=F("bytes") + entry.size, last_upload_at=timezone.now(), last_name=entry.name,
        problem="", problem_at=None,
    )  # fmt: skip


def note_problem(device: Device, name: str, reason: str) -> None:
    """Record why a file was refused, for the list of devices."""
    told = english("%(file)s was refused. %(reason)s", file=name, reason=reason)
    Device.objects.filter(pk=device.pk).update(problem=told[:1000], problem_at=timezone.now())
    upload_refused.send(device_of, device=device, name=name, reason=reason)


def name_of(device: Device) -> str:
    """What the device is called, or what it says about itself."""
    return device.token.name or called(device.token.last_agent)
