"""Keeping the full-text index up to date, and querying it.

Triggers queue the photos whose words changed (triggers.py). The queue is emptied by searches, so that they find what
was typed a moment ago, and by the beat, which has time for many.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from mirage.web.time_limit import time_out
from mirage.wording import number_in_words
from photos.models import Photo
from photos.vectors import Finding
from search.index import triggers
from search.index.documents import documents
from search.index.indexed import scoped, whole
from search.index.text_index import Phrase, Question, text_index
from search.language.tree import Value
from search.language.words import words
from search.models import TextChange

log = logging.getLogger(__name__)

BATCH = 500
AT_ONCE = 1_000  # changes that a search indexes before it runs
BEAT_SECONDS = 5.0


def install(**signal: Any) -> None:
    """After migrations: make the table and the triggers that the keys need. Photos are indexed in the background."""
    with transaction.atomic():
        if text_index().install():
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {triggers.QUEUE} (photo_id) SELECT id FROM photos_photo")
        triggers.install()


def catch_up(limit: int = BATCH) -> int:
    """Index the photos of the oldest changes. Returns the number of changes."""
    with transaction.atomic():
        queue = TextChange.objects.order_by("pk")
        if connection.vendor == "postgresql":
            queue = queue.select_for_update(skip_locked=True)
        changes = list(queue[:limit])
        if not changes:
            return 0
        TextChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
        put({change.photo_id for change in changes})
    return len(changes)


def put(photo_ids: set[int]) -> None:
    """Index these photos again; remove those that no longer exist."""
    found = documents(sorted(photo_ids))
    index = text_index()
    index.put(found)
    index.remove(photo_ids - found.keys())


def refresh() -> int:
    """Index recent changes, unless there are too many to wait for. Returns how many are left."""
    with time_out():
        left = TextChange.objects.order_by()[: AT_ONCE + 1].count()
        while 0 < left <= AT_ONCE and catch_up():
            left = TextChange.objects.order_by()[: AT_ONCE + 1].count()
    return left


def work_off(seconds: float = BEAT_SECONDS) -> int:
    """Index changes for some seconds. Returns how many."""
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end and (some := catch_up()):
        done += some
    return done


def rebuild(on_progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Index every photo again. Searches work meanwhile. Returns the number of photos."""
    total, done, last = Photo.objects.count(), 0, 0
    text_index().remove_orphans()
    while ids := list(Photo.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            put(set(ids))
        done, last = done + len(ids), ids[-1]
        on_progress(done, total)
    return done


def check() -> list[Finding]:
    """The state of the index compared with the database."""
    index = text_index()
    if not index.exists():
        return [Finding(_("There is no index; migrate makes it."), sound=False)]
    total, held, waiting = Photo.objects.count(), index.count(), TextChange.objects.count()
    counts = {
        "held": number_in_words(held),
        "total": number_in_words(total),
        "waiting": number_in_words(waiting),
    }
    # Translators: all three are numbers, the first two of photos
    told = _("%(held)s photos in the index, %(total)s in the database, %(waiting)s changes waiting.") % counts
    findings = [Finding(told, True)]
    if held != total and not waiting:
        findings.append(Finding(_("The index and the database differ: rebuild it."), sound=False))
    if triggers.present() != triggers.wanted().keys():
        findings.append(
            Finding(_("Triggers are missing, so changes are not noticed: run migrate, then rebuild it."), False)
        )
    if wrong := index.check():
        findings.append(Finding(_("The table is damaged: %(problem)s") % {"problem": wrong}, sound=False))
    return findings


# --- queries ----------------------------------------------------------------------------------------------------------


def having(question: Question) -> Q:
    """The photos whose words answer the question."""
    return Q(pk__in=text_index().matching(question))


def phrase_of(text: str, exact: bool, column: str = "") -> Phrase:
    return Phrase(tuple(words(text)), not exact, column)


def naming(text: str, exact: bool) -> Phrase:
    """The phrase in the names of people."""
    return Phrase(tuple(scoped("person", word) for word in words(text)), not exact, "names")


def under_key(key: str, value: Value, exact: bool = False) -> Phrase:
    """The words of a value under its key; with = the whole value."""
    found = words(value.text)
    if value.operator:
        return Phrase((whole(key, found),), False, "scoped")
    return Phrase(tuple(scoped(key, word) for word in found), not (exact or value.exact), "scoped")
