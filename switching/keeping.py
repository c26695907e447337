"""The switches as rows: beginning one, having a worker read it, and removing what nobody needs any more."""

import logging
import os
import shutil
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media import names
from media.sentences import english
from mirage.refusals import NotPossible
from photos.ingest import uploads
from photos.ingest.intake import require_space
from photos.models import Upload
from photos.pipeline import jobs
from switching import unpacking
from switching.models import Switch
from switching.preparing import prepare
from switching.readers import READERS

log = logging.getLogger(__name__)

JOB = "read_switch"
PURPOSE = "switch"  # of uploads
BESIDE = ("-wal", "-shm")  # what SQLite leaves beside a database that was opened
UNUSED = timedelta(days=7)  # how long what was read but never brought is kept
LOST = timedelta(minutes=5)  # after which a job that did not begin is enqueued again
LONGEST = timedelta(hours=6)  # that reading may take


def folder() -> Path:
    """Where uploaded files wait to be read."""
    return Path(settings.MIRAGE_DATA) / "switching"


def begin(
    owner: User, program: str, path: Path, *, account: str = "", by: User | None, uploaded: bool = False
) -> Switch:
    """Note that a library is to be read. Raises NotPossible."""
    if not owner.is_active or not owner.may_upload:
        raise NotPossible(_("%(name)s has no library of their own.") % {"name": owner.username})
    if program not in READERS:
        raise NotPossible(
            _("Mirage cannot read %(program)s. It reads %(programs)s.")
            % {"program": program, "programs": ", ".join(sorted(READERS))}
        )
    if not path.exists():
        raise NotPossible(_("There is nothing at %(path)s.") % {"path": names.shown(path)})
    return Switch.objects.create(
        owner=owner, by=by, program=program, path=names.stored(path), account=account.strip()[:255], uploaded=uploaded
    )


def ask(switch: Switch) -> None:
    """Let a worker read it; without one, read it now."""
    if not jobs.enqueue(JOB, switch.pk):
        read(switch.pk)


def read(pk: int) -> None:
    """Job: read a library and keep its report and steps. What is wrong with it is kept with it."""
    claimed = Switch.objects.filter(pk=pk, state=Switch.State.WAITING).update(state=Switch.State.READING)
    switch = Switch.objects.select_related("owner").filter(pk=pk).first()
    if not claimed or switch is None:
        return
    problem = ""
    try:
        unpack(switch)
        prepare(switch)
    except NotPossible as error:
        problem = str(error)
    except Exception as error:  # the page shows it
        log.exception("%s was not read", names.shown(switch.path))
        problem = f"{type(error).__name__}: {names.shown(str(error))}"
    if problem:
        Switch.objects.filter(pk=pk).update(state=Switch.State.FAILED, problem=problem)
        give_back(switch)
    remove_file(switch)


def unpack(switch: Switch) -> None:
    """Let the switch read what is in an uploaded zip file. Raises Unreadable."""
    path = Path(names.actual(switch.path))
    if switch.uploaded and unpacking.is_zip(path):
        switch.path = names.stored(unpacking.unpack(path, switch.program))
        switch.save(update_fields=["path"])


def keep_upload(name: str, blocks: Iterable[bytes], size: int) -> Path:
    """Keep an uploaded file until it has been read. Raises NotPossible if the disk is full."""
    try:
        require_space(size)
    except OSError as error:
        raise NotPossible(_("The disk of the library is full.")) from error
    path = folder() / uuid.uuid4().hex / (names.shown(name)[-100:].replace("/", "_") or "file")
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.writelines(blocks)
    return path


def place_of(switch: Switch) -> Path | None:
    """The folder that an uploaded file lies in; None if it was not uploaded or lies elsewhere."""
    path = Path(names.actual(switch.path))
    if not switch.uploaded or not path.is_relative_to(folder()):
        return None
    return folder() / path.relative_to(folder()).parts[0]


def remove_file(switch: Switch) -> None:
    """Remove the uploaded file: its steps are kept."""
    if place := place_of(switch):
        shutil.rmtree(place, ignore_errors=True)


def give_back(switch: Switch) -> None:
    """Offer an uploaded file that could not be read once more: perhaps it is another program's."""
    place = place_of(switch)
    for file in list(place.glob("*")) if place else []:
        if not file.is_file() or file.name.endswith(BESIDE):
            continue
        size = file.stat().st_size
        with transaction.atomic():
            upload = Upload.objects.create(
                owner=switch.by or switch.owner, name=file.name, size=size, offset=size, is_export=True, purpose=PURPOSE
            )
            target = uploads.file_of(upload)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, target)


def discard(switch: Switch) -> None:
    """Forget what was read. Raises NotPossible if it was brought: then it can only be undone."""
    if switch.activity_id:
        raise NotPossible(_("This was brought. You can undo it."))
    remove_file(switch)
    switch.delete()


def may_begin(user: User) -> None:
    """Raises NotPossible while another library of this user waits or is read: one after the other."""
    pending = (Switch.State.WAITING, Switch.State.READING)
    if Switch.objects.filter(owner=user, state__in=pending).exists():
        raise NotPossible(_("Another library is being read. Wait until its report is there."))


def all_switches() -> QuerySet[Switch]:
    """All switches, the newest first."""
    return Switch.objects.select_related("owner", "activity").order_by("-created_at", "-pk")


def tidy() -> int:
    """Forget what was read but never brought, and see to what a kill interrupted. Returns how many were forgotten."""
    now = timezone.now()
    unused = Switch.objects.filter(created_at__lt=now - UNUSED, activity=None)
    for switch in unused:
        remove_file(switch)
    count = unused.delete()[1].get("switching.Switch", 0)
    for switch in Switch.objects.filter(state=Switch.State.WAITING, created_at__lt=now - LOST):
        jobs.enqueue(JOB, switch.pk)
    stopped = Switch.objects.filter(state=Switch.State.READING, created_at__lt=now - LONGEST)
    stopped.update(state=Switch.State.FAILED, problem=english("Reading was interrupted. Begin again."))
    remove_left()
    return count


def remove_left() -> None:
    """Remove uploaded files that no switch names: a kill came before there was one."""
    old = (timezone.now() - UNUSED).timestamp()
    rows = Switch.objects.filter(uploaded=True).values_list("path", flat=True)
    named = [Path(names.actual(path)) for path in rows]
    for path in folder().glob("*"):
        if path.stat().st_mtime < old and not any(each.is_relative_to(path) for each in named):
            shutil.rmtree(path, ignore_errors=True)
