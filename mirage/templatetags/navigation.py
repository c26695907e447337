"""The navigation of every page: doors, what is behind More and behind the avatar (mirage/web/navigation.py)."""

from typing import Any

from django import template
from django.template.context import RequestContext

from accounts.models import User
from mirage.web import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def doors(context: RequestContext) -> list[dict[str, Any]]:
    """The doors with their address, whether the page is behind them, and their badge."""
    request = context["request"]
    current = navigation.current_door(request.path)
    return [
        {
            "entry": door,
            "current": door is navigation.DOORS.get(current),
            "badge": urgent(context) if door is navigation.DOORS.get(navigation.BEHIND) else 0,
        }
        for door in navigation.ordered(navigation.DOORS, request.user)
    ]


@register.simple_tag(takes_context=True)
def urgent(context: RequestContext) -> int:
    """How much of what there is to tidy up the user should not miss."""
    request = context["request"]
    if not hasattr(request, "urgent_count"):  # the rail and the bar both ask
        request.urgent_count = navigation.urgent_count(request.user)
    return int(request.urgent_count)


@register.simple_tag(takes_context=True)
def administration_entries(context: RequestContext) -> list[dict[str, Any]]:
    """The pages of the administration, and which of them is shown."""
    request = context["request"]
    entries = navigation.ordered(navigation.ADMINISTRATION, request.user)
    current = max(entries, key=lambda entry: entry.covers(request.path), default=None)
    return [{"entry": entry, "current": entry is current and entry.covers(request.path)} for entry in entries]


@register.simple_tag(takes_context=True)
def library_entries(context: RequestContext) -> list[dict[str, Any]]:
    """What the page Library lists, and whether the page shown is theirs."""
    request = context["request"]
    entries = navigation.ordered(navigation.LIBRARY, request.user)
    return [{"entry": entry, "current": entry.covers(request.path) > 0} for entry in entries]


@register.simple_tag(takes_context=True)
def account_entries(context: RequestContext) -> list[navigation.Entry]:
    """What the menu behind the avatar lists."""
    return navigation.ordered(navigation.ACCOUNT, context["request"].user)


@register.filter
def initial(user: Any) -> str:
    """The letter of the user's avatar."""
    return str(user.get_full_name() or user.username)[:1].upper()


@register.filter
def following_theme(theme: str) -> str:
    """The appearance that comes after this one at a press of the button."""
    themes = User.Theme.values
    return themes[(themes.index(theme) + 1) % len(themes)]
