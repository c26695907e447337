"""Logging: one line for each event, as JSON in files and as text on a terminal.

Lines go to standard error. `manage.py serve` writes those of each process to MIRAGE_DATA/logs, and rotates files by
size and age. Containers and systemd collect them themselves. Each line has the id of its request or job. Secrets are
removed from all lines.
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

# --- requests and jobs ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Scope:
    """A request or a job. Its `secrets` are removed from all its lines."""

    fields: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


_scope: ContextVar[Scope | None] = ContextVar("log scope", default=None)


@contextmanager
def scope(**fields: Any) -> Iterator[Scope]:
    """Add these fields to all lines written inside: `with scope(request=…)`."""
    inside = Scope(fields)
    token = _scope.set(inside)
    try:
        yield inside
    finally:
        _scope.reset(token)


# --- secrets ----------------------------------------------------------------------------------------------------------

KEPT = 10_000  # characters at either end of a text
_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 …"),
    (re.compile(r"(://[^\s/:@]*):[^\s/@]+@"), r"\1:…@"),
    (re.compile(r"(?i)(\w*(?:password|passwd|token|secret|authorization|cookie|sessionid|api_?key)\w*"
                r"[\"']?\s*[=:]\s*[\"']?)(?!…|\s)(?:(?:bearer|basic)\s+)?[^\s\"',;&)]+"), r"\1…"),
    (re.compile(r"(/[^\s\"'?]*)\?[^\s\"']+"), r"\1?…"),
)  # fmt: skip


def shortened(text: str) -> str:
    """The beginning and the end of a text that is too long for a log, such as a database's error with all of a query.

    What stands at the cuts is left out as a whole: it could be half of a secret.
    """
    if len(text) <= 2 * KEPT:
        return text
    beginning, end = text[:KEPT].rpartition(" ")[0], text[-KEPT:].partition(" ")[2]
    return f"{beginning} … {end}"


def without_secrets(text: str) -> str:
    """The text without passwords, tokens and the query strings of addresses."""
    inside = _scope.get()
    for secret in inside.secrets if inside else ():
        text = text.replace(secret, "…")
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


# --- format -----------------------------------------------------------------------------------------------------------

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request", "server_time"}


class JsonFormatter(logging.Formatter):
    """One JSON object for each line. The values of `extra` become fields."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(described(record), ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """For people: time, level, logger, event, fields."""

    def format(self, record: logging.LogRecord) -> str:
        rest = described(record)
        head = f"{rest.pop('time')} {rest.pop('level')} {rest.pop('logger')}: {rest.pop('event')}"
        rest.pop("process")
        exception = rest.pop("exception", "")
        fields = "".join(f" {name}={value}" for name, value in rest.items())
        return head + fields + (f"\n{exception}" if exception else "")


def described(record: logging.LogRecord) -> dict[str, Any]:
    """A record as fields, without secrets."""
    inside = _scope.get()
    found: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "event": without_secrets(shortened(record.getMessage())),
        "process": os.environ.get("MIRAGE_PROCESS", "") or Path(sys.argv[0]).name,
        **(inside.fields if inside else {}),
    }
    for name, value in vars(record).items():
        if name not in _USUAL:
            found[name] = without_secrets(value) if isinstance(value, str) else value
    if record.exc_info:
        found["exception"] = without_secrets(shortened(logging.Formatter().formatException(record.exc_info)))
    return found


def readable(line: str) -> str:
    """A line of a log, for the console of `serve`."""
    try:
        fields = json.loads(line)
        return f"{fields['level']} {fields['logger']}: {fields['event']}"
    except (ValueError, TypeError, KeyError):
        return line


def configuration(level: str = "info", form: str = "auto", apps: Sequence[str] = ()) -> dict[str, Any]:
    """Django's LOGGING. The packages in `apps` log at `level`. Errors also appear on the console of `serve`."""
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
            # Django's own handlers are for mail and development. A failed page is logged, a 404 is not.
            "django": {"handlers": [], "level": "WARNING"},
            "django.server": {"handlers": [], "level": "WARNING"},  # operations.middleware logs each request
            "django.request": {"level": "ERROR"},
        },
    }


# --- files ------------------------------------------------------------------------------------------------------------


class AgeingFile(RotatingFileHandler):
    """A log file that is rotated when it is a day old or too large, and removed when it is too old."""

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
