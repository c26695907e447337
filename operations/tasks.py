"""What the scheduled tasks do. Each returns what came of it, in words; what it raises is shown to the keeper."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from accounts import activity
from accounts.models import User
from operations import checking, findings
from operations.backups import making as backups
from photos import pipeline, upkeep, vectors
from photos.models import Photo


class Failed(Exception):
    """The task was done and found something that the keeper must see."""


def tidy() -> str:
    upkeep.tidy()
    call_command("clearsessions")
    return "Tidied up."


def back_up() -> str:
    """Into MIRAGE_BACKUP_TO, keeping MIRAGE_BACKUP_KEEP."""
    target = Path(settings.MIRAGE_BACKUP_TO)
    if not target.parent.is_dir():
        raise Failed(f"{target.parent} is not there: is the disk connected?")
    snapshot = backups.make(target)
    removed = backups.prune(target, settings.MIRAGE_BACKUP_KEEP)
    told = snapshot.manifest
    activity.record("made a backup", subject=snapshot.folder, photos=told.photos, new=told.new_originals)
    if told.damaged or told.missing:
        raise Failed(f"Made, but {len(told.damaged)} originals are damaged and {len(told.missing)} missing.")
    return f"{told.photos:,} photos, {told.new_originals:,} new files, {told.seconds:g} s; {removed} older removed."


def look() -> str:
    """Sizes, strays, thumbnails, indexes; no original is read. What a reading found damaged stays found."""
    return told_of(findings.replace(checking.check(read=False), keep_damaged=True))


def check() -> str:
    return told_of(findings.replace(checking.check()))


def told_of(counts: Counter[str]) -> str:
    """Raises Failed where originals are at stake."""
    text = ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "All is in order."
    if checking.LOSS.intersection(counts):
        raise Failed(f"Originals are at stake: {text}. See the findings.")
    return text


def group_people() -> str:
    from people.grouping import assignments

    owners = User.objects.filter(photos__faces__isnull=False).distinct()
    found = [assignments.group(owner.pk) for owner in owners]
    return f"{sum(counts.people for counts in found):,} people in {sum(counts.faces for counts in found):,} faces."


def complete_stages() -> str:
    from people import scans

    counts = {stage.label: pipeline.add_missing(stage, Photo.objects.all()) for stage in pipeline.all_stages()}
    counts["faces by another model"] = scans.rescan_all()
    return ", ".join(f"{label}: {count:,}" for label, count in counts.items() if count) or "None was forgotten."


def refresh_indexes() -> str:
    for kind in vectors.KINDS:
        vectors.refresh_if_due(kind)
    return "Asked for where it is due."
