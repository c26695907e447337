"""The scheduled tasks. Each returns a sentence about its result; administrators see the errors it raises."""

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
from photos.vectors import words


class Failed(Exception):
    """The task found something that an administrator must see."""


def tidy() -> str:
    upkeep.tidy()
    call_command("clearsessions")
    return "Tidied up."


def back_up() -> str:
    """Back up to MIRAGE_BACKUP_TO, and keep the newest MIRAGE_BACKUP_KEEP backups."""
    target = Path(settings.MIRAGE_BACKUP_TO)
    if not target.parent.is_dir():
        raise Failed(f"{target.parent} does not exist: is the disk connected?")
    snapshot = backups.make(target)
    removed = backups.prune(target, settings.MIRAGE_BACKUP_KEEP)
    made = snapshot.manifest
    activity.record("made a backup", subject=snapshot.folder, photos=made.photos, new=made.new_originals)
    if made.damaged or made.missing:
        raise Failed(f"Backed up, but {len(made.damaged)} originals are damaged and {len(made.missing)} missing.")
    return f"{made.photos:,} photos, {made.new_originals:,} new files, {made.seconds:g} s; {removed} older removed."


def look() -> str:
    """Check sizes, stray files, thumbnails and indexes without reading originals."""
    return summary_of(findings.replace(checking.check(read=False), keep_damaged=True))


def check() -> str:
    return summary_of(findings.replace(checking.check()))


def summary_of(counts: Counter[str]) -> str:
    """The counts of findings in words. Raises Failed if originals are damaged, missing or unreadable."""
    text = ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "Everything is in order."
    if checking.LOSS.intersection(counts):
        raise Failed(f"Originals are at risk: {text}. See the findings.")
    return text


def group_people() -> str:
    from people.grouping import assignments

    owners = User.objects.filter(photos__faces__isnull=False).distinct()
    found = [assignments.group(owner.pk) for owner in owners]
    return f"{sum(counts.people for counts in found):,} people in {sum(counts.faces for counts in found):,} faces."


def complete_stages() -> str:
    from people.detection import scans

    counts = {stage.label: pipeline.add_missing(stage, Photo.objects.all()) for stage in pipeline.all_stages()}
    counts["faces by another model"] = scans.rescan_all()
    return ", ".join(f"{label}: {count:,}" for label, count in counts.items() if count) or "None was missing."


def refresh_indexes() -> str:
    for kind in vectors.KINDS:
        vectors.refresh_if_due(kind)
    words.refresh_if_due()
    return "Requested for all outdated indexes."
