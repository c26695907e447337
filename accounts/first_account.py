"""The first account of an installation: the administrator's, which the first visitor makes in the browser.

The visitor needs the code that is printed at the start, because behind a proxy everybody seems to be at this machine.
The file with the code is the permission: whoever takes it makes the account, so of two visitors one is too late.
"""

import contextlib
import os
from pathlib import Path

from django.conf import settings
from django.utils.crypto import constant_time_compare

from accounts.models import Role, User
from accounts.security.tokens import readable_secret


class TooLate(Exception):
    """Somebody else made the first account."""


def is_wanted() -> bool:
    """Whether there is no account yet."""
    return not User.objects.exists()


def code() -> str:
    """The code that lets somebody make the account. It is made when it is first needed."""
    place = file()
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(readable_secret())
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.link(fresh, place)
        fresh.unlink()
    return place.read_text()


def file() -> Path:
    return Path(settings.MIRAGE_DATA) / "setup_code"


def taken() -> Path:
    """The file while somebody makes the account."""
    return file().with_suffix(".taken")


def is_pending() -> bool:
    """Whether the account is still to be made, without asking the database."""
    return file().exists() or taken().exists()


def forget_code() -> None:
    """Remove a code that is of no use any more, because accounts were made in another way."""
    for place in (file(), taken()):
        place.unlink(missing_ok=True)


def is_right(given: str) -> bool:
    """Whether this is the code, however it is written."""
    letters = "".join(letter for letter in given.lower() if letter.isalnum())
    try:
        right = file().read_text()
    except FileNotFoundError:  # somebody else makes the account just now
        return False
    return constant_time_compare(letters, right.replace("-", ""))


def make(user: User, password: str) -> None:
    """Make the account. Raises TooLate. If it cannot be saved, the code is good for another try."""
    try:
        file().rename(taken())
    except FileNotFoundError as error:
        raise TooLate from error
    try:
        wanted = is_wanted()
        if wanted:
            user.set_role(Role.ADMINISTRATOR)
            user.set_password(password)
            user.save()
    except BaseException:
        taken().rename(file())
        raise
    taken().unlink()  # only now, because a start that waits for the account looks for it then
    if not wanted:
        raise TooLate
