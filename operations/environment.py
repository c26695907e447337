"""The variables that an installation is run with: kept in backups, and a line in the security log when one changes."""

import hashlib
import json
import os
from pathlib import Path

from django.conf import settings

from accounts import activity

SECRET = ("PASSWORD", "TOKEN", "SECRET", "URL")  # words in the names of variables that are not written down
OTHERS = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "VECTOR_BACKEND")


def is_secret(name: str) -> bool:
    return any(word in name for word in SECRET)


def variables() -> dict[str, str]:
    """What is set, by name; secrets included."""
    return {name: os.environ[name] for name in sorted(os.environ) if name.startswith("MIRAGE_") or name in OTHERS}


def plain() -> dict[str, str]:
    """What is set, secrets left out."""
    return {name: value for name, value in variables().items() if not is_secret(name)}


def note_changes() -> int:
    """At a start: record what is set otherwise than at the last one. Of a secret only that it changed. How many.

    The first start, and one that finds the last one's note unreadable, records nothing: there is nothing to compare.
    """
    file = settings.MIRAGE_DATA / "environment.json"
    now = {name: fingerprint(value) if is_secret(name) else value for name, value in variables().items()}
    try:
        before = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        before = None
    if before == now:
        return 0
    changed = sorted(name for name in {*now, *(before or {})} if (before or {}).get(name) != now.get(name))
    for name in changed if before is not None else ():
        told = {} if is_secret(name) else {"before": before.get(name, ""), "now": now.get(name, "")}
        activity.record("changed a setting", subject=name, by="the environment", **told)
    remember(file, now)
    return len(changed) if before is not None else 0


def remember(file: Path, now: dict[str, str]) -> None:
    """Keep for the next start what is set at this one."""
    fresh = file.with_suffix(".fresh")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(now, indent=1))
    fresh.replace(file)


def fingerprint(value: str) -> str:
    """Tells that a secret changed, and nobody what it is: keyed by the installation's own secret."""
    return hashlib.blake2b(value.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()
