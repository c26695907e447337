"""Typed readers of environment variables. A bad value stops the start with a message that names the variable."""

import contextlib
import os
import secrets
import tempfile
import zoneinfo
from pathlib import Path

from media.storage_template import BadTemplate, check


class BadEnvironment(SystemExit):
    """An environment variable has a bad value; the message names it and says what is expected."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r}: expected {expected}. See example.env.")


def text(name: str, default: str = "") -> str:
    """The variable, the content of the file in NAME_FILE (for secrets), or the default."""
    if name in os.environ:
        return os.environ[name]
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return default
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise BadEnvironment(f"{name}_FILE", file, f"a readable file ({error.strerror})") from error


def boolean(name: str, default: bool) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadEnvironment(name, value, "yes or no")


def integer(name: str, default: int, least: int | None = None, most: int | None = None) -> int:
    """A whole number within the bounds."""
    value = text(name)
    if not value:
        return default
    bounds = f" from {least if least is not None else '…'} to {most if most is not None else '…'}"
    try:
        number = int(value)
    except ValueError as error:
        raise BadEnvironment(name, value, "a whole number" + bounds) from error
    if (least is not None and number < least) or (most is not None and number > most):
        raise BadEnvironment(name, value, "a whole number" + bounds)
    return number


def number(name: str, default: float, least: float, most: float) -> float:
    """A number within the bounds given."""
    value = text(name)
    if not value:
        return default
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        raise BadEnvironment(name, value, f"a number from {least:g} to {most:g}")
    return found


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas, without empty parts."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words."""
    value = text(name).lower() or default
    if value not in allowed:
        raise BadEnvironment(name, value, " or ".join(allowed))
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute path, with `~` expanded, to a folder that may not exist yet."""
    value = text(name)
    path = Path(value).expanduser().absolute() if value else default
    if path.exists() and not path.is_dir():
        raise BadEnvironment(name, value, "a folder")
    return path


def folders(name: str, default: str) -> list[Path]:
    """Absolute paths separated by commas, with `~` expanded. They need not exist: disks come and go."""
    paths = [Path(word).expanduser() for word in words(name, default)]
    if wrong := [path for path in paths if not path.is_absolute()]:
        raise BadEnvironment(name, str(wrong[0]), "absolute paths, separated by commas")
    return paths


def time_zone(name: str, default: str) -> str:
    """An IANA time zone such as Europe/Lisbon."""
    value = text(name, default)
    try:
        return known_zone(value)
    except ValueError as error:
        raise BadEnvironment(name, value, "a time zone such as Europe/Lisbon") from error


def known_zone(value: str) -> str:
    """The name of a time zone that exists. Raises ValueError for others."""
    try:
        return zoneinfo.ZoneInfo(value).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(value) from error


def schedule(name: str, default: str) -> str:
    """A cron expression such as `30 3 * * *` for half past three every night; empty for `never`."""
    value = text(name, default)
    if value.lower() in {"never", "no", "off"}:
        return ""
    if not is_schedule(value):
        raise BadEnvironment(name, value, "minute hour day month weekday, such as `30 3 * * *`, or never")
    return value


def storage_template(name: str, default: str) -> str:
    """A path with words in braces (media/storage_template.py)."""
    value = text(name, default)
    try:
        return check(value)
    except BadTemplate as error:
        raise BadEnvironment(name, value, f"a path such as {default} ({error})") from error


def is_schedule(value: str) -> bool:
    """Whether this is a cron expression whose time comes: 31 February does not."""
    from croniter import CroniterError, croniter

    try:
        croniter(value).get_next()
    except CroniterError:
        return False
    return True


def kept_secret(file: Path) -> str:
    """The installation's secret, made at the first start and stored in this file, which only its owner may read.

    It is linked into place when complete, so that a full disk or a simultaneous start cannot leave half a secret.
    """
    try:
        if file.exists():
            return file.read_text().strip()
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=".secret-"
        ) as fresh:  # readable by its owner only
            fresh.write(secrets.token_urlsafe(48))
            fresh.flush()
            with contextlib.suppress(FileExistsError):  # another process was faster
                os.link(fresh.name, file)
        return file.read_text().strip()
    except OSError as error:
        raise BadEnvironment("MIRAGE_DATA", str(file.parent), f"a writable folder ({error.strerror})") from error
