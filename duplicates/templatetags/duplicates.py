"""How many duplicates wait, for the navigation of every page."""

from django import template
from django.template.context import RequestContext

from duplicates import resolving

register = template.Library()


@register.simple_tag(takes_context=True)
def duplicates_count(context: RequestContext) -> int:
    """How many groups of duplicates wait for the user's decision."""
    request = context["request"]
    if not hasattr(request, "duplicates_count"):  # the rail and the bottom bar both ask
        request.duplicates_count = resolving.open_groups(request.user).count()
    return request.duplicates_count
