"""The history of photos in words: changes of many photos, stacks, comments."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import batches
from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from photos.editing import bulk
from photos.gallery import comments
from photos.gallery.stacking import stacks
from photos.models import Comment

SHOWN = 60  # characters of a comment


def tell_changes(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe changes by photos/editing/bulk.py, with their progress."""
    return {activity.pk: told_change(activity) for activity in activities}


def told_change(activity: Activity) -> Told:
    detail = activity.detail
    change = bulk.unpack(detail["change"])
    percent = batches.percent(activity)
    if percent is None:
        return Told(change.sentence(detail["changed"]))
    if batches.is_being_undone(activity):
        # Translators: sentence is what is being undone, such as: 12 photos edited
        words = _("%(sentence)s: being undone") % {"sentence": change.sentence(detail["changed"])}
        return Told(words, "", percent)
    done, total = number_in_words(detail["done"]), number_in_words(detail["total"])
    # Translators: sentence is what is being done, such as: 12 photos edited
    words = _("%(sentence)s: %(done)s of %(total)s so far")
    return Told(words % {"sentence": change.sentence(detail["total"]), "done": done, "total": total}, "", percent)


def tell_plainly(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe activities by their verb alone."""
    return {activity.pk: Told(capfirst(in_language(activity.verb))) for activity in activities}


def tell_comments(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe comments: the photo's address, and the text if the comment still exists."""
    texts = dict(Comment.objects.filter(pk__in=[one.detail["comment"] for one in activities]).values_list("pk", "text"))
    found = {}
    for activity in activities:
        words = activity.detail.get("text") or texts.get(activity.detail["comment"], "")
        address = reverse("photos:photo", args=[activity.detail["photo"]])
        found[activity.pk] = Told(told_comment(activity.verb, words), address)
    return found


def told_comment(verb: str, words: str) -> str:
    """What was done with a comment, and the beginning of its text, if that is known."""
    text = f"{words[:SHOWN]}…" if len(words) > SHOWN else words
    if verb == "comments.edited":
        return _("Changed a comment: %(text)s") % {"text": text} if text else _("Changed a comment on a photo")
    if verb == "comments.removed":
        return _("Removed: %(text)s") % {"text": text} if text else _("Removed a comment on a photo")
    return _("Commented: %(text)s") % {"text": text} if text else _("Commented on a photo")


CHANGES = ActionKind(_lazy("Photos"), tell_changes, batches=bulk.Changes())
STACKS = ActionKind(_lazy("Stacks"), tell_plainly, stacks.revert)
COMMENTS = ActionKind(
    _lazy("Comments"), tell_comments, comments.revert, lambda activity: activity.verb == "comments.removed"
)
OWN = {bulk.TARGET: CHANGES, stacks.TARGET: STACKS, "comments": COMMENTS}
