"""Doing a switch and undoing it: one action in the history, step by step, resumed after a kill."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import batches, undoing
from accounts.action_kinds import ActionKind, Batches, Told
from accounts.batches import compact, expand
from accounts.models import Activity, User
from mirage.refusals import NotPossible
from people import records
from people.grouping import constraints
from people.models import Question
from photos.models import Photo
from switching.ledger import PERSON, Ledger
from switching.models import Step, Switch
from switching.readers import READERS
from switching.writing import albums, copies, people, photos
from switching.writing.wishes import ALBUMS, COPIES, PEOPLE, PHOTOS, STACKS, TAGS, token
from tags.keywords import tags_meant
from tags.models import Tag

VERB = "switching.brought"
KIND = "switching"
Before = dict[str, Any]


def start(switch: Switch, by: User | None) -> Activity:
    """Begin to bring what was read. `batches.run` does it. Raises NotPossible."""
    if switch.state != Switch.State.READY:
        raise NotPossible(_("This library has not been read yet."))
    if switch.activity_id:
        raise NotPossible(_("This was done already. To bring what is new since, read it again."))
    switch.activity = batches.begin(
        switch.owner, by, VERB, KIND, switch.steps.count(), switch=switch.pk,
        program=READERS[switch.program].program, stamp=timezone.now().isoformat(),
    )  # fmt: skip
    switch.save(update_fields=["activity"])
    return switch.activity


def bring(switch: Switch, by: User | None) -> Activity:
    """Bring what was read: now if it is little, or else by a worker."""
    activity = start(switch, by)
    batches.run(activity)
    return activity


def undo(switch: Switch, by: User) -> None:
    """Undo all of it. Raises NotPossible."""
    if switch.activity is None:
        raise NotPossible(_("Nothing was brought."))
    undoing.undo(switch.activity, by)


class Steps(Batches):
    """The steps of a switch. What undo needs is kept with each step; the action only names the step."""

    size: ClassVar[int] = 1
    at_once: ClassVar[int] = 3

    def rows(self, activity: Activity) -> Sequence[int]:
        rows = Step.objects.filter(switch=activity.detail["switch"]).order_by("number")
        return list(rows.values_list("pk", flat=True))

    def do(self, activity: Activity, rows: Sequence[int]) -> Any:
        for step in Step.objects.filter(pk__in=rows).select_related("switch__owner"):
            before = DO[step.kind](Ledger(step.switch.owner, step.switch.program), expand(step.wishes), activity)
            step.before = compact(before)
            step.save(update_fields=["before"])
        return list(rows)

    def revert(self, activity: Activity, before: Any) -> None:
        for step in Step.objects.filter(pk__in=before).select_related("switch__owner"):
            ledger = Ledger(step.switch.owner, step.switch.program)
            REVERT[step.kind](ledger, expand(step.before), stamp_of(activity))
            step.before = ""
            step.save(update_fields=["before"])


def stamp_of(activity: Activity) -> datetime:
    """The time by which undo knows what this action has set."""
    return datetime.fromisoformat(activity.detail["stamp"])


# --- the kinds of steps -----------------------------------------------------------------------------------------------


def do_people(ledger: Ledger, wishes: Any, activity: Activity) -> Before:
    constraints.lock(ledger.owner.pk)
    record = records.Record()
    noted = people.bring_people(ledger, wishes, record)
    records.settle(record)
    return {"keys": noted, "change": record.change()}


def undo_people(ledger: Ledger, before: Before, stamp: datetime) -> None:
    undo_change(ledger, before["change"], settle=True)
    for key in before["keys"]:
        ledger.forget(PERSON, key)


def undo_change(ledger: Ledger, change: Any, *, settle: bool) -> None:
    """Undo what was done to people and faces, where nobody decided otherwise since.

    Settling looks at all faces of these people. The people's step, which is undone last, does it for all.
    """
    constraints.lock(ledger.owner.pk)
    record = records.Record()
    records.restore(change, record)
    if settle:
        records.settle(record)


def do_tags(ledger: Ledger, paths: Any, activity: Activity) -> Before:
    mine = Tag.objects.filter(owner=ledger.owner)
    known = set(mine.values_list("pk", flat=True))
    tags_meant(ledger.owner.pk, paths)
    return {"made": sorted(set(mine.values_list("pk", flat=True)) - known)}


def undo_tags(ledger: Ledger, before: Before, stamp: datetime) -> None:
    photos.remove_unused(before["made"])


def do_photos(ledger: Ledger, wishes: Any, activity: Activity) -> Before:
    """Plan again with what is here now, because time has passed since the report, and do it.

    Faces are only confirmed and drawn, which breaks no constraint, so there is nothing to settle.
    """
    owner, stamp = ledger.owner, stamp_of(activity)
    constraints.lock(owner.pk)
    ids = Photo.objects.filter(owner=owner, pk__in=[wish["photo"] for wish in wishes]).values_list("pk", flat=True)
    there = set(ids)  # some may have been deleted since the report
    wishes = [wish for wish in wishes if wish["photo"] in there]
    came = ledger.photos(wish["photo"] for wish in wishes)
    plan = photos.plan(wishes, came, photos.tag_meanings(owner))
    tags = tags_meant(owner.pk, {path for paths in plan.tags.values() for path in paths})
    here = people.brought_people(ledger, {face["person"] for wish in wishes for face in wish["faces"]})
    deeds = people.plan(owner, wishes, here, came)
    record = records.Record()
    asked = people.do(owner, deeds, record)
    tokens = photos.tokens(plan)
    for deed in deeds:
        if deed.what in (people.CONFIRM, people.DRAW, people.ASK):
            tokens.setdefault(deed.photo, set()).add(token(deed.wish))
    change = record.change()  # before pictures are turned, which moves the boxes of all faces in them
    done = photos.do(plan, stamp, activity.actor, tags)
    ledger.add_to_photos(tokens)
    kept_tokens = {str(photo): sorted(each) for photo, each in tokens.items()}
    return {**done, "change": change, "asked": asked, "tokens": kept_tokens}


def undo_photos(ledger: Ledger, before: Before, stamp: datetime) -> None:
    constraints.lock(ledger.owner.pk)  # before photos, in the order of all others who lock both
    Question.objects.filter(pk__in=before["asked"], skipped_at=None).delete()
    photos.revert(before, stamp)
    undo_change(ledger, before["change"], settle=False)
    ledger.remove_from_photos({int(photo): each for photo, each in before["tokens"].items()})


def do_copies(ledger: Ledger, wishes: Any, activity: Activity) -> Before:
    """Make the copies, and set on them what the program says about them."""
    made, wanted = copies.make(ledger, wishes, activity.actor)
    return {"made": made, "photos": do_photos(ledger, wanted, activity)}


def undo_copies(ledger: Ledger, before: Before, stamp: datetime) -> None:
    undo_photos(ledger, before["photos"], stamp)
    copies.remove(ledger, before["made"], stamp)


def do_stacks(ledger: Ledger, wishes: Any, activity: Activity) -> Before:
    return {"made": albums.bring_stacks(ledger, wishes)}


def undo_stacks(ledger: Ledger, before: Before, stamp: datetime) -> None:
    albums.revert_stacks(ledger, before["made"])


def do_albums(ledger: Ledger, wishes: Any, activity: Activity) -> Before:
    here = [copies.in_album(ledger, wish) for wish in wishes]
    return {"albums": [each for wish in here if (each := albums.bring_album(ledger, wish, activity.actor))]}


def undo_albums(ledger: Ledger, before: Before, stamp: datetime) -> None:
    for each in reversed(before["albums"]):
        albums.revert_album(ledger, each)


DO: Mapping[str, Callable[[Ledger, Any, Activity], Before]] = {
    PEOPLE: do_people,
    TAGS: do_tags,
    COPIES: do_copies,
    PHOTOS: do_photos,
    STACKS: do_stacks,
    ALBUMS: do_albums,
}
REVERT: Mapping[str, Callable[[Ledger, Before, datetime], None]] = {
    PEOPLE: undo_people,
    TAGS: undo_tags,
    COPIES: undo_copies,
    PHOTOS: undo_photos,
    STACKS: undo_stacks,
    ALBUMS: undo_albums,
}


# --- the history ------------------------------------------------------------------------------------------------------


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """The actions in words."""
    return {
        activity.pk: Told(
            _("Brought people, albums and more from %(program)s") % {"program": activity.detail["program"]},
            "",
            batches.percent(activity),
        )
        for activity in activities
    }


SWITCHES = ActionKind(_lazy("From other programs"), tell, batches=Steps())
