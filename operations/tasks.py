"""The scheduled tasks. Each returns a sentence about its result; administrators see the errors it raises."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from accounts import activity
from accounts.models import User
from media.sentences import english
from operations import checking, findings
from operations.backups import making as backups
from operations.backups.snapshots import Snapshot
from photos import pipeline, upkeep, vectors
from photos.models import Photo
from photos.vectors import words


class Failed(Exception):
    """The task found something that an administrator must see."""


def tidy() -> str:
    upkeep.tidy()
    call_command("clearsessions")
    return english("Tidied up.")


def back_up() -> str:
    """Back up to MIRAGE_BACKUP_TO, and keep the newest MIRAGE_BACKUP_KEEP backups."""
    target = Path(settings.MIRAGE_BACKUP_TO)
    if not target.parent.is_dir():
        raise Failed(english("%(folder)s does not exist: is the disk connected?", folder=target.parent))
    snapshot = backups.make(target)
    removed = backups.prune(target, settings.MIRAGE_BACKUP_KEEP)
    made = snapshot.manifest
    activity.record("made a backup", subject=snapshot.folder, photos=made.photos, new=made.new_originals)
    if made.damaged or made.missing:
        raise Failed(
            english(
                "Backed up, but %(damaged)s originals are damaged and %(missing)s missing.",
                damaged=len(made.damaged),
                missing=len(made.missing),
            )
        )
    return backed_up(snapshot, removed)


def backed_up(snapshot: Snapshot, removed: int) -> str:
    """What a backup has done, to be kept."""
    made = snapshot.manifest
    return english(
        "%(photos)s photos, %(new_originals)s new files, %(seconds)s s; %(removed)s older removed.",
        photos=f"{made.photos:,}",
        new_originals=f"{made.new_originals:,}",
        seconds=f"{made.seconds:g}",
        removed=removed,
    )


def look() -> str:
    """Check sizes, stray files, thumbnails and indexes without reading originals."""
    return summary_of(findings.replace(checking.check(read=False), keep_damaged=True))


def check() -> str:
    return summary_of(findings.replace(checking.check()))


def summary_of(counts: Counter[str]) -> str:
    """The counts of findings in words. Raises Failed if originals are damaged, missing or unreadable."""
    text = ", ".join(checking.counted(kind, count) for kind, count in sorted(counts.items())) or english(
        "Everything is in order."
    )
    if checking.LOSS.intersection(counts):
        raise Failed(english("Originals are at risk: %(what)s. See the findings.", what=text))
    return text


def group_people() -> str:
    from people.grouping import assignments

    owners = User.objects.filter(photos__faces__isnull=False).distinct()
    found = [assignments.group(owner.pk) for owner in owners]
    people, faces = sum(counts.people for counts in found), sum(counts.faces for counts in found)
    return english("%(people)s people in %(faces)s faces.", people=f"{people:,}", faces=f"{faces:,}")


def prepare_memories() -> str:
    for prepare in upkeep.MEMORIES.values():
        prepare()
    return english("Prepared the memories.")


def follow_folders() -> str:
    """Let the rules of albums from folders add what is new."""
    for chore in upkeep.HOURLY.values():
        chore()
    return english("Followed the folders.")


def complete_stages() -> str:
    from people.detection import scans

    counts = {str(stage.label): pipeline.add_missing(stage, Photo.objects.all()) for stage in pipeline.all_stages()}
    counts[english("faces by another model")] = scans.rescan_all()
    return ", ".join(f"{label}: {count:,}" for label, count in counts.items() if count) or english("None was missing.")


def refresh_indexes() -> str:
    for kind in vectors.KINDS:
        vectors.refresh_if_due(kind)
    words.refresh_if_due()
    return english("Requested for all outdated indexes.")
