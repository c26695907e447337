"""What is logged, and how: one line an event, as JSON in files and as words on a terminal.

Lines go to standard error. `manage.py serve` keeps those of each process in MIRAGE_DATA/logs, where they are rotated by
size and age; in containers and under systemd they are the console's and the journal's. A line carries the id of the
request or the job in which it was written. What is secret does not get into it, wherever the text came from.
"""

import json
import logging
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("auto", "json", "text")
DAY = 86_400

# --- what a line is about ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Scope:
    """A request or a job. Its `secrets` are blotted out of every line that is written in it."""

    fields: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


_scope: ContextVar[Scope | None] = ContextVar("log scope", default=None)


@contextmanager
def scope(**fields: Any) -> Iterator[Scope]:
    """Lines written inside carry these fields: `with scope(request=…)`."""
    inside = Scope(fields)
    token = _scope.set(inside)
    try:
        yield inside
    finally:
        _scope.reset(token)


# --- what must not be in it -------------------------------------------------------------------------------------------

_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 …"),
    (re.compile(r"(://[^\s/:@]*):[^\s/@]+@"), r"\1:…@"),
    (re.compile(r"(?i)(\w*(?:password|passwd|token|secret|authorization|cookie|sessionid|api_?key)\w*"
                r"[\"']?\s*[=:]\s*[\"']?)(?!…|\s)(?:(?:bearer|basic)\s+)?[^\s\"',;&)]+"), r"\1…"),
    (re.compile(r"(/[^\s\"'?]*)\?[^\s\"']+"), r"\1?…"),
)  # fmt: skip


def without_secrets(text: str) -> str:
    """The text without passwords, tokens and the query strings of addresses."""
    inside = _scope.get()
    for secret in inside.secrets if inside else ():
        text = text.replace(secret, "…")
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


# --- what it looks like -----------------------------------------------------------------------------------------------

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}


class JsonFormatter(logging.Formatter):
    """A JSON object a line. What is passed as `extra` becomes fields of it."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(described(record), ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """For people: time, level, logger, what happened, fields."""

    def format(self, record: logging.LogRecord) -> str:
        told = described(record)
        head = f"{told.pop('time')} {told.pop('level')} {told.pop('logger')}: {told.pop('event')}"
        told.pop("process")
        exception = told.pop("exception", "")
        fields = "".join(f" {name}={value}" for name, value in told.items())
        return head + fields + (f"\n{exception}" if exception else "")


def described(record: logging.LogRecord) -> dict[str, Any]:
    """A record as fields, without secrets."""
    inside = _scope.get()
    told: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": without_secrets(record.getMessage()),
        "process": os.environ.get("MIRAGE_PROCESS", "") or Path(sys.argv[0]).name,
        **(inside.fields if inside else {}),
    }
    for name, value in vars(record).items():
        if name not in _USUAL:
            told[name] = without_secrets(value) if isinstance(value, str) else value
    if record.exc_info:
        told["exception"] = without_secrets(logging.Formatter().formatException(record.exc_info))
    return told


def readable(line: str) -> str:
    """A line of a log as it is shown on the console of `serve`."""
    try:
        told = json.loads(line)
        return f"{told['level']} {told['logger']}: {told['event']}"
    except (ValueError, TypeError, KeyError):
        return line


def configuration(level: str = "info", form: str = "auto", apps: Sequence[str] = ()) -> dict[str, Any]:
    """Django's LOGGING. `apps`: packages that log at `level`. An ERROR also reaches the console of `serve`."""
    if form == "auto":
        form = "text" if sys.stderr is not None and sys.stderr.isatty() else "json"
    own = level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}, "text": {"()": TextFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{app: {"level": own} for app in apps},
            # Django's own handlers are for mail and for development; a page that fails is an error, a 404 is not news
            "django": {"handlers": [], "level": "WARNING"},
            "django.server": {"handlers": [], "level": "WARNING"},  # operations.middleware tells of each request
            "django.request": {"level": "ERROR"},
        },
    }


# --- where it is kept -------------------------------------------------------------------------------------------------


class AgeingFile(RotatingFileHandler):
    """A log file that is put aside when it is a day old or too large, and removed when it is too old."""

    terminator = "\n"

    def __init__(self, path: Path, most_bytes: int, days: int) -> None:
        super().__init__(path, maxBytes=most_bytes, backupCount=max(days, 1), delay=True)
        self.setFormatter(logging.Formatter("%(message)s"))
        self.days = days
        self.begun = path.stat().st_mtime if path.exists() else time.time()

    def shouldRollover(self, record: logging.LogRecord) -> bool:
        return bool(super().shouldRollover(record)) or time.time() - self.begun > DAY

    def doRollover(self) -> None:
        super().doRollover()
        self.begun = time.time()
        for file in Path(self.baseFilename).parent.glob(f"{Path(self.baseFilename).name}.*"):
            if self.begun - file.stat().st_mtime > self.days * DAY:
                file.unlink(missing_ok=True)
