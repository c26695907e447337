"""Which duplicates a user may see and decide about."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from duplicates.models import DuplicateGroup


def group_or_404(user: User, key: str) -> DuplicateGroup:
    """The user's group with this key. 404 if it belongs to somebody else."""
    return get_object_or_404(DuplicateGroup, owner=user, key=key)
