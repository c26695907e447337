"""The comments on a photo, in its panel or on their own page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import undoing
from accounts.models import Activity
from mirage.refusals import NotPossible
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.stale import fresh
from photos.access import visible_photo_or_404
from photos.gallery import comments
from photos.gallery.comments import comment_or_404

CHANGED = "comments:changed"


def page_of(key: str) -> str:
    return reverse("photos:comments", args=[key])


@require_http_methods(["GET", "HEAD", "POST"])
def of_photo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Show the comments on the photo, or add one."""
    photo = visible_photo_or_404(request.user, key)
    problem, status = "", 200
    if request.method == "POST":
        try:
            comments.add(photo, request.user, request.POST.get("text", ""))
        except NotPossible as error:
            problem, status = str(error), 422
    context: dict[str, Any] = {
        "photo": photo,
        "comments": list(comments.comments_on(photo)),
        "problem": problem,
        "wrote": request.POST.get("text"),
        "mine": photo.owner_id == request.user.pk,
    }
    return render_page(request, "photos/viewer/comments.html", "photos/viewer/_comments.html", context, status=status)


@require_POST
def edit(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Change a comment."""
    comment = comment_or_404(request.user, pk)
    form = fresh(request.POST, {"text": comment.text}, {"text": _("Comment")})
    comments.edit(comment, request.user, form.get("text", ""))
    return report(request, _("Comment changed"), home=page_of(comment.photo.key), event=CHANGED)


@require_POST
def remove(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Remove a comment. The toast can undo it."""
    comment = comment_or_404(request.user, pk)
    activity = comments.remove(comment, request.user)
    undo = Undo(reverse("photos:restore_comment", args=[activity.pk]))
    return report(request, _("Comment removed"), home=page_of(comment.photo.key), event=CHANGED, undo=undo)


@require_POST
def restore(request: HtmxHttpRequest, activity_id: int) -> HttpResponse:
    """Restore a removed comment."""
    activity = get_object_or_404(Activity, actor=request.user, pk=activity_id, verb="comments.removed")
    undoing.undo(activity, request.user)
    return report(request, _("Comment restored"), home=page_of(activity.detail["photo"]), event=CHANGED)
