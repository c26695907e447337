"""What users can be told about. Each kind has a switch of its own for the bell and for the mail."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from mirage.wording import Words


@dataclass(frozen=True)
class Kind:
    """A kind of notice. What concerns the installation is for administrators."""

    name: str
    title: Words
    for_administrators: bool = False

    def is_for(self, user: User) -> bool:
        return user.is_superuser or not self.for_administrators


KINDS = {
    kind.name: kind
    for kind in (
        Kind("upload", _lazy("A device's photo that was refused")),
        Kind("share", _lazy("Something that is shared with you")),
        Kind("comment", _lazy("A comment on a photo of yours")),
        Kind("memories", _lazy("Memories of the day")),
        Kind("backup", _lazy("A backup that failed"), for_administrators=True),
        Kind("disk", _lazy("A disk that is nearly full"), for_administrators=True),
    )
}


def kinds_for(user: User) -> list[Kind]:
    """What this user can be told about."""
    return [kind for kind in KINDS.values() if kind.is_for(user)]


def unasked(user: User) -> list[str]:
    """What a user is told who has chosen nothing: administrators of failures, others of nothing."""
    return [kind.name for kind in KINDS.values() if kind.for_administrators and user.is_superuser]
