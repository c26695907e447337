"""What hachoir says of a container: a second reader, for what FFmpeg cannot open and for fields that it does not give.

hachoir is under GPL-2.0, which does not combine with Mirage's AGPL-3.0. So it is never imported, but run as the program
that it brings, under limits of its own (docs/adr/0006).
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import subprocess
import sys
import threading
from datetime import UTC
from pathlib import Path

from media.metadata import instants
from media.metadata.fields import Layer, Moment, decode, text

PROGRAM = Path(sys.executable).with_name("hachoir-metadata")
SECONDS = 20.0  # of the clock; of the processor half of that
MEMORY = 1 << 30  # bytes of address space
MAX_OUTPUT = 1 << 20  # bytes
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# What hachoir calls each type that we know. Anything else that it takes a file for is refused: it finds MIDI and
# archives in noise.
TYPES = {
    "video/x-msvideo": {"video/x-msvideo"},
    "video/x-ms-wmv": {"video/x-ms-wmv", "video/x-ms-asf"},
    "video/vnd.rn-realvideo": {"audio/x-pn-realaudio", "video/x-pn-realvideo"},
    "video/ogg": {"video/theora", "application/ogg", "video/ogg"},
    "video/x-flv": {"video/x-flv"},
    "video/x-matroska": {"video/x-matroska", "video/webm"},
    "video/webm": {"video/x-matroska", "video/webm"},
    "video/mp4": {"video/mp4", "video/quicktime"},
    "video/quicktime": {"video/mp4", "video/quicktime"},
    "video/x-m4v": {"video/mp4", "video/quicktime"},
    "video/3gpp": {"video/mp4", "video/quicktime", "video/3gpp"},
}
UTC_TYPES = {"video/x-ms-wmv", "video/x-matroska", "video/webm"}  # others have the wall clock, or do not say
_LINE = re.compile(r"^- (\w+): (.*)$")
_GROUP = re.compile(r"^(\w+)(?:\[\d+\])?:$")
# What hachoir says itself among the comments, and what ASF has in pairs.
_OWN_WORDS = re.compile(r"^(?:Has audio/video index|Is seekable|Play speed|User volume|Start|Quality|Pixel|\w+=)")

Values = dict[str, list[str]]


def add_to(layer: Layer, path: Path, mime: str) -> None:
    """Add to the container's layer what it does not say yet; nothing where hachoir takes the file for another type."""
    if mime not in TYPES:
        return
    common, video = _groups(_run(path, layer))
    if not TYPES[mime].intersection(common.get("mime_type", [])):
        return
    layer.raw |= {f"Hachoir.{name}": "; ".join(values) for name, values in common.items()}
    layer.put("duration", _seconds(_first(common, "duration")))
    for name in ("width", "height"):
        value = _first(video, name) or _first(common, name)
        layer.put(name, int(value) if value.isdigit() and 0 < int(value) < 1 << 20 else None)
    layer.put("title", text(_first(common, "title")))
    layer.put("author", text(_first(common, "author", "artist")))
    layer.put("copyright", text(_first(common, "copyright")))
    layer.put("software", text(_first(common, "producer")))
    comments = [comment for comment in common.get("comment", []) if not _OWN_WORDS.match(comment)]
    layer.put("description", text("\n".join(dict.fromkeys(comments))))
    moment = _moment(_first(common, "creation_date"), mime)
    if moment and not layer.moments:
        layer.moments.append(moment)


def _run(path: Path, layer: Layer) -> str:
    """What the program prints; no more than there is room for, nor than comes within its seconds."""
    command = [str(PROGRAM), "--raw", "--maxlen=0", str(path.absolute())]
    environment = {"PATH": os.defpath, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"}
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment, cwd="/", preexec_fn=_limit,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        layer.notes.append(f"hachoir: {type(error).__name__}: {str(error)[:200]}")
        return ""
    patience = threading.Timer(SECONDS, process.kill)
    patience.start()
    with process:
        printed = process.stdout.read(MAX_OUTPUT) if process.stdout else b""
        patience.cancel()
        process.kill()
    return decode(printed)


def _limit() -> None:
    """In the new process: it ends with ours, at the latest after its seconds, and writes nothing."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    ceilings = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: round(SECONDS / 2), resource.RLIMIT_FSIZE: 0}
    for kind, ceiling in ceilings.items():
        resource.setrlimit(kind, (ceiling, ceiling))


def _groups(output: str) -> tuple[Values, Values]:
    """What is said of the file, and of its first video stream."""
    groups: dict[str, Values] = {}
    values: Values = {}
    for line in output.splitlines():
        if found := _GROUP.match(line):
            values = groups.setdefault(found[1].lower(), {})
        elif found := _LINE.match(line):
            values.setdefault(found[1], []).append(found[2])
    return groups.get("common") or groups.get("metadata") or {}, groups.get("video", {})


def _first(values: Values, *names: str) -> str:
    return next((values[name][0] for name in names if values.get(name)), "")


def _seconds(value: str) -> float | None:
    """`0:44:01.141141` and `1 day, 0:00:01`."""
    found = re.fullmatch(r"(?:(\d{1,4}) days?, )?(\d{1,3}):(\d\d):(\d\d(?:\.\d+)?)", value)
    if not found:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups()[:3])
    return round(days * 86400 + hours * 3600 + minutes * 60 + float(found[4]), 3) or None


def _moment(value: str, mime: str) -> Moment | None:
    if value.endswith("-01-01"):
        value = value[:-6]  # a year alone comes out as its first day
    moment = instants.parse(value, "container")
    if moment and moment.local and moment.precise and mime in UTC_TYPES:
        return Moment("container", instant=moment.local.replace(tzinfo=UTC))
    return moment if moment and moment.local and moment.local.year > 1904 else None
