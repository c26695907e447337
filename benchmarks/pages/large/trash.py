"""What the trash costs with many photos: moving them there, taking them back, and deleting them for good."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOVED, DELETED = 40_000, 5_000


def measure() -> None:
    """Through the functions that the views call. What is deleted is missing from the library afterwards."""
    from accounts.models import User
    from photos.editing import actions
    from photos.models import Photo
    from photos.storage import deletion

    user = User.objects.get(username="benchmark")
    own = Photo.objects.filter(owner=user, trashed_at=None).order_by("pk")
    keys = list(own.values_list("key", flat=True)[:MOVED])
    trash = actions.ACTIONS["trash"]
    timed(f"{len(keys):,} to the trash", lambda: actions.perform(user, keys, trash))
    timed("undone", lambda: actions.perform(user, keys, actions.ACTIONS[trash.undo]))
    few = keys[:DELETED]
    actions.perform(user, few, trash)
    gone = Photo.objects.filter(owner=user, key__in=few)
    timed(f"{len(few):,} deleted for good", lambda: deletion.delete(gone))


def timed(what: str, work: Callable[[], Any]) -> None:
    """Do it, and print its seconds: of the wall, of this processor, and of PostgreSQL's for this connection."""
    began, spent, there = time.perf_counter(), time.process_time(), server_seconds()
    work()
    there, spent = server_seconds() - there, time.process_time() - spent
    print(f"{what}: {time.perf_counter() - began:.1f} s, of the processor {spent:.1f} here, {there:.1f} in PostgreSQL")


def server_seconds() -> float:
    """The processor's time of the PostgreSQL process that serves this connection; none with SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
