"""What is streamed of a video: its original or what the owner's edit made of it, and how that is cut into segments."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree

from django.conf import settings

from media.editing.forms import FULL_VIDEO
from media.files import readable_name, replacing
from media.sandbox import shared
from media.streams.plans import Plan
from photos.editing import renditions
from photos.models import Photo
from photos.storage import paths

KEPT_SECONDS = 86_400
KEPT_BYTES = 4 << 30  # of all segments together; what was played last stays
PLAN = "plan.json"
UNUSED_SECONDS = 60  # a folder that was used since is being played, and stays


@dataclass(frozen=True)
class Source:
    """A video file to be streamed, and the folder for its segments."""

    file: Path
    folder: Path


def source_of(photo: Photo) -> Source:
    """What pages show of the video. Raises FileNotFoundError, Unreachable."""
    edited = photo.rendition if renditions.has_video(photo) else ""
    name = f"{photo.sha256[:32]}-{edited or 'original'}"
    file = paths.fetched(paths.shown_folder(photo) / FULL_VIDEO) if edited else paths.original_file(photo)
    if not file.exists():
        raise FileNotFoundError(file)
    return Source(file, paths.streams_folder() / name)


def plan_of(source: Source) -> Plan:
    """How the video is cut, kept beside its segments. Raises UnreadableFile, OSError."""
    found = read_plan(source.folder)
    if found is not None:
        (source.folder / PLAN).touch()  # for `trim`
        return found
    with readable_name(source.file) as path:
        plan: Plan = shared().call("media.streams.cutting:plan", path, seconds=settings.MIRAGE_DECODE_SECONDS)
    keep_plan(source.folder, plan)
    return plan


def keep_plan(folder: Path, plan: Plan) -> None:
    """Keep the plan in that folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / PLAN) as temporary:
        temporary.write_text(json.dumps(asdict(plan)))


def read_plan(folder: Path) -> Plan | None:
    """The plan that is kept in a folder, if there is one."""
    try:
        told = json.loads((folder / PLAN).read_text())
        return Plan(**{**told, "starts": tuple(told["starts"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def trim(most: int = KEPT_BYTES, seconds: float = KEPT_SECONDS) -> int:
    """Remove the segments of videos that were not played for a day, and more if all are too large. Returns how many."""
    now, total, removed = time.time(), 0, 0
    for used, folder in sorted(used_folders(), reverse=True):
        total += sum(map(size_of, folder.rglob("*")))
        if now - used > seconds or (total > most and now - used > UNUSED_SECONDS):
            rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def size_of(path: Path) -> int:
    """The bytes of a file; 0 for a folder, and for a file that was renamed meanwhile, when it was done."""
    with suppress(FileNotFoundError):
        return path.stat().st_size if path.is_file() else 0
    return 0


def used_folders() -> Iterator[tuple[float, Path]]:
    """The folders of videos, and when each was used last."""
    root = paths.streams_folder()
    for folder in root.iterdir() if root.exists() else ():
        with suppress(FileNotFoundError, NotADirectoryError):  # no plan, or another process removes it
            yield (folder / PLAN).stat().st_mtime, folder
