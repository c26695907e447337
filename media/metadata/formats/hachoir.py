"""What hachoir says about a container: a second reader, for files that FFmpeg cannot open and fields that it does not
read.

hachoir's licence, GPL-2.0, does not combine with Mirage's AGPL-3.0. So it is never imported, but run as a separate
program with its own limits (docs/adr/0006-hachoir-as-a-second-reader.md).
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
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from media.metadata import instants
from media.metadata.fields import Layer, Moment, decode, text

COMMAND: tuple[str, ...] = (sys.executable, "-I", "-B", "-X", "utf8", "-m", "hachoir.metadata", "--raw", "--maxlen=0")
SECONDS = 20.0  # timeout
PROCESSOR_SECONDS = 10
MEMORY = 1 << 30  # bytes of address space
MAX_OUTPUT = 1 << 20  # bytes
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
# hachoir's name for each type that Mirage knows. If it takes a file for anything else, its output is ignored: it finds
# MIDI and archives in noise.
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
UTC_TYPES = {"video/x-ms-wmv", "video/x-matroska", "video/webm"}  # the others have local time, or do not say
UNDATED_TYPES = {"video/x-flv"}  # hachoir gets their dates wrong by weeks
LATIN_TYPES = {"video/x-msvideo", "video/vnd.rn-realvideo"}  # hachoir reads their text as Latin-1, whatever it is
CLOCK_STARTS = {datetime(1601, 1, 1), datetime(1904, 1, 1), datetime(1970, 1, 1)}  # values that mean "no date"
_LINE = re.compile(r"^- (\w+): (.*)$")
_GROUP = re.compile(r"^(\w+)(?:\[\d+\])?:$")
# hachoir's own remarks among the comments.
_REMARK = re.compile(r"^(?:Has audio/video index|Is seekable|Play speed: |User volume: |Start: |Quality: )")
_PAIR = re.compile(r"^(?:(Description=)|[\w.]+=)")  # an attribute of ASF

Values = dict[str, list[str]]


def add_to(layer: Layer, path: Path, mime: str) -> None:
    """Add what the container's layer lacks. If hachoir takes the file for another type, nothing is added."""
    if mime not in TYPES:
        return
    common, video = _groups(_run(path, layer), mime)
    if not TYPES[mime].intersection(common.get("mime_type", [])):
        return
    layer.raw |= {f"Hachoir.{name}": "; ".join(values) for name, values in common.items()}
    layer.put("duration", _seconds(_first(common, "duration")))
    for name in ("width", "height"):
        value = _first(video, name) or _first(common, name)
        layer.put(name, int(value) if value.isdecimal() and 0 < int(value) < 1 << 20 else None)
    layer.put("title", text(_first(common, "title")))
    layer.put("author", text(_first(common, "author", "artist")))
    layer.put("copyright", text(_first(common, "copyright")))
    layer.put("software", text(_first(common, "producer")))
    layer.put("description", text("\n".join(dict.fromkeys(_comments(common, mime)))))
    moment = _moment(_first(common, "creation_date"), mime)
    if moment and not layer.moments:
        layer.moments.append(moment)


def _run(path: Path, layer: Layer) -> str:
    """The program's output within its limits."""
    command = [*COMMAND, str(path.absolute())]
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath}, cwd="/", preexec_fn=_limit,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        layer.notes.append(f"hachoir: {type(error).__name__}: {str(error)[:200]}")
        return ""
    limit = threading.Timer(SECONDS, process.kill)
    limit.start()
    with process:
        printed = process.stdout.read(MAX_OUTPUT) if process.stdout else b""
        limit.cancel()
        process.kill()
    return decode(printed)


def _limit() -> None:
    """In the new process: it ends when we do or at its timeout, and it cannot write files."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    ceilings = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: PROCESSOR_SECONDS, resource.RLIMIT_FSIZE: 0}
    for kind, ceiling in ceilings.items():
        resource.setrlimit(kind, (ceiling, ceiling))


def _groups(output: str, mime: str) -> tuple[Values, Values]:
    """The values of the file, and those of its first video stream."""
    groups: dict[str, Values] = {}
    values: Values = {}
    for line in output.splitlines():
        if found := _GROUP.match(line):
            values = groups.setdefault(found[1].lower(), {})
        elif found := _LINE.match(line):
            values.setdefault(found[1], []).append(_mended(found[2]) if mime in LATIN_TYPES else found[2])
    return groups.get("common") or groups.get("metadata") or {}, groups.get("video", {})


def _mended(value: str) -> str:
    """Text whose bytes hachoir took for Latin-1, decoded again."""
    try:
        return decode(value.encode("latin-1"))
    except UnicodeEncodeError:
        return value


def _comments(common: Values, mime: str) -> Iterator[str]:
    for comment in common.get("comment", []):
        pair = _PAIR.match(comment) if mime == "video/x-ms-wmv" else None
        if pair and pair[1]:
            yield comment.removeprefix(pair[1])
        elif not pair and not _REMARK.match(comment):
            yield comment


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
        value = value[:-6]  # a year alone is printed as its first day
    moment = instants.parse(value, "container") if mime not in UNDATED_TYPES else None
    if not moment or not moment.local or (moment.precise and moment.local in CLOCK_STARTS):
        return None
    if moment.precise and mime in UTC_TYPES:
        return Moment("container", instant=moment.local.replace(tzinfo=UTC))
    return moment
