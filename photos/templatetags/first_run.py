"""What the page of the first hour says about this installation."""

from django import template
from django.template.context import RequestContext

from accounts.security.origin import host_is_loopback
from photos.ingest import in_use
from photos.models import WatchedFolder

register = template.Library()


@register.filter
def folder_name(folder: WatchedFolder) -> str:
    """The folder's path, as people may read it."""
    return in_use.shown(folder)


@register.simple_tag(takes_context=True)
def reachable_elsewhere(context: RequestContext) -> bool:
    """Whether the page was opened by a name that other devices can open too."""
    return not host_is_loopback(context["request"])
