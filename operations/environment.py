"""The installation's environment variables: stored in backups, and recorded in the security log when they change."""

import hashlib
import json
import os
from pathlib import Path

from django.conf import settings

from accounts import activity

SECRET = ("PASSWORD", "TOKEN", "SECRET", "URL")  # variables with these words in their names are not written down
OTHERS = ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "VECTOR_BACKEND")


def is_secret(name: str) -> bool:
    return any(word in name for word in SECRET)


def variables() -> dict[str, str]:
    """The variables that are set, including secrets."""
    return {name: os.environ[name] for name in sorted(os.environ) if name.startswith("MIRAGE_") or name in OTHERS}


def plain() -> dict[str, str]:
    """The variables that are set, without secrets."""
    return {name: value for name, value in variables().items() if not is_secret(name)}


def note_changes() -> int:
    """Record which variables have changed since the last start; of secrets, not their values. Returns how many.

    Nothing is recorded at the first start or if the values of the last start cannot be read.
    """
    file = settings.MIRAGE_DATA / "environment.json"
    now = {name: fingerprint(value) if is_secret(name) else value for name, value in variables().items()}
    try:
        before = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        remember(file, now)
        return 0
    changed = sorted(name for name in {*now, *before} if before.get(name) != now.get(name))
    for name in changed:
        values = {} if is_secret(name) else {"before": before.get(name, ""), "now": now.get(name, "")}
        activity.record("changed a setting", subject=name, by="the environment", **values)
    if changed:
        remember(file, now)
    return len(changed)


def remember(file: Path, now: dict[str, str]) -> None:
    """Store the current values for the next start."""
    fresh = file.with_suffix(".fresh")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(now, indent=1))
    fresh.replace(file)


def fingerprint(value: str) -> str:
    """Shows that a secret has changed without revealing it. The installation's own secret is the key."""
    return hashlib.blake2b(value.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=12).hexdigest()
