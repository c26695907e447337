"""The pages of the tree of tags and of a tag's photos."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import activity as security
from accounts import undoing
from accounts.models import Activity
from mirage.refusals import NotPossible
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.stale import fresh
from mirage.wording import alphabetical
from photos.gallery.pages import page_context, render_list
from tags import tree
from tags.access import action_or_404, counted_tags, tag_or_404, tags_of
from tags.models import Tag
from tags.timeline import of_tag

CHANGED = "tags:changed"
COLOUR = re.compile(r"#[0-9a-f]{6}")
COLOURS = ("#d64545", "#d97b29", "#c2a020", "#4f9d54", "#2f9e9e", "#3d7fd1", "#7a5fd0", "#b455a0", "#77787d")


@dataclass(frozen=True)
class Row:
    """A tag in the tree, with its depth and number of photos."""

    tag: Tag
    depth: int
    count: int


def home() -> str:
    return reverse("tags:tags")


def rows_of(tags: list[Any]) -> list[Row]:
    """The tags in the order of the tree."""
    children: dict[int | None, list[Any]] = {}
    for tag in sorted(tags, key=lambda tag: alphabetical(tag.name)):
        children.setdefault(tag.parent_id, []).append(tag)
    rows: list[Row] = []

    def walk(parent: int | None, depth: int) -> None:
        for tag in children.get(parent, []):
            rows.append(Row(tag, depth, tag.photo_count))
            walk(tag.pk, depth + 1)

    walk(None, 0)
    return rows


@require_safe
def listing(request: HtmxHttpRequest) -> HttpResponse:
    """The tree."""
    context = {"rows": rows_of(counted_tags(request.user)), "colours": COLOURS}
    return render_page(request, "tags/tags.html", "tags/_tags.html", context)


@require_safe
def tag(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """The photos of a tag. HTMX gets a single page of tiles."""
    shown = tag_or_404(request.user, pk)
    context = page_context(request, of_tag(request.user, shown)) | {"tag": shown}
    return render_list(request, "tags/tag.html", "tags/_grid.html", context)


@require_safe
def menu(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """The dialog of actions on a tag."""
    shown = tag_or_404(request.user, pk)
    others = [
        other for other in tags_of(request.user) if other.pk != pk and not other.path.startswith(f"{shown.path}/")
    ]
    context = {"tag": shown, "others": others, "colours": COLOURS}
    return render_page(request, "tags/menu.html", "tags/_menu.html", context)


@require_POST
def add(request: HtmxHttpRequest) -> HttpResponse:
    """Make a tag, possibly below another."""
    parent = other_of(request, "parent")
    made, activity = tree.add(request.user, request.POST.get("name", ""), parent, colour_of(request))
    return report_change(request, _("%(name)s added") % {"name": made.name}, activity)


@require_POST
def change(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Rename, colour, move, merge or delete a tag, depending on the form's fields."""
    shown = tag_or_404(request.user, pk)
    form = fresh(request.POST, {"name": shown.name})
    if "name" in form:
        return report_change(request, _("Tag renamed"), tree.rename(shown, form["name"]))
    if "colour" in form:
        return report_change(request, _("Colour changed"), tree.recolour(shown, colour_of(request)))
    if "parent" in form:
        return report_change(request, _("Tag moved"), tree.move(shown, other_of(request, "parent")))
    if "into" in form:
        return merge(request, shown)
    if "delete" in form:
        security.record("deleted a tag", request, subject=shown.path)
        return report_change(request, _("%(name)s deleted") % {"name": shown.name}, tree.delete(shown))
    raise NotPossible(_("Choose what to change."))


def merge(request: HtmxHttpRequest, shown: Tag) -> HttpResponse:
    """Merge a tag into another."""
    into = other_of(request, "into")
    if into is None:
        raise NotPossible(_("Choose the tag to merge into."))
    return report_change(request, _("Merged into %(name)s") % {"name": into.name}, tree.merge(shown, into))


def other_of(request: HtmxHttpRequest, name: str) -> Tag | None:
    """The tag in a field of the form; None if the field is empty."""
    value = request.POST.get(name, "")
    return tag_or_404(request.user, value) if value else None


def colour_of(request: HtmxHttpRequest) -> str:
    """The colour in the form. Raises NotPossible if it is invalid."""
    colour = request.POST.get("colour", "").lower()
    if colour and not COLOUR.fullmatch(colour):
        raise NotPossible(_("Write a colour like this: #3d7fd1."))
    return colour


def report_change(request: HtmxHttpRequest, text: str, activity: Activity) -> HttpResponse:
    """A toast that reports the action and offers to undo it."""
    return report(request, text, home=home(), event=CHANGED, undo=Undo(reverse("tags:undo", args=[activity.pk])))


@require_POST
def undo(request: HtmxHttpRequest, activity_id: int) -> HttpResponse:
    """Undo an action on a tag."""
    undoing.undo(action_or_404(request.user, activity_id), request.user)
    return report(request, _("Undone"), home=home(), event=CHANGED)
