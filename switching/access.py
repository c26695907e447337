"""Which switches a user may see: those to their own library; those who run the installation see all."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from switching.keeping import all_switches
from switching.models import Switch


def switch_or_404(user: User, key: str) -> Switch:
    """The switch with this key. 404 for everybody but administrators."""
    if not user.is_superuser:
        raise Http404("no such switch")
    return get_object_or_404(all_switches(), key=key)


def own_switch_or_404(user: User, key: str) -> Switch:
    """The switch to the user's own library. 404 for those of others."""
    return get_object_or_404(all_switches().filter(owner=user), key=key)
