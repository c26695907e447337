"""What to say where a search finds nothing: what nearly fits, and which work on photos is still unfinished."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import User
from mirage.web.time_limit import TakesTooLong
from mirage.wording import number_in_words
from photos.models import StageRun
from photos.pipeline.progress import runs_of
from search.limits import in_time
from search.results.chips import Chip
from search.results.timeline import find

MOST_TRIED = 6  # parts of a search
UNFINISHED = {  # what is not known before a stage is done
    "metadata": ngettext_lazy(
        "%(shown)s photo is not read yet: its dates and places are not known.",
        "%(shown)s photos are not read yet: their dates and places are not known.",
        "number",
    ),
    "faces": ngettext_lazy(
        "%(shown)s photo is not looked at for people yet.",
        "%(shown)s photos are not looked at for people yet.",
        "number",
    ),
    "clusters": ngettext_lazy(
        "There is %(shown)s photo with people who are not recognised yet.",
        "There are %(shown)s photos with people who are not recognised yet.",
        "number",
    ),
    "objects": ngettext_lazy(
        "There is %(shown)s photo in which things are not recognised yet.",
        "There are %(shown)s photos in which things are not recognised yet.",
        "number",
    ),
    "embedding": ngettext_lazy(
        "There is %(shown)s photo whose looks are not learnt yet.",
        "There are %(shown)s photos whose looks are not learnt yet.",
        "number",
    ),
    "text": ngettext_lazy(
        "There is %(shown)s photo whose written words are not read yet.",
        "There are %(shown)s photos whose written words are not read yet.",
        "number",
    ),
}


@dataclass(frozen=True)
class Nearly:
    """A search without one of its parts, and how many photos it finds."""

    chip: Chip
    count: int

    @property
    def search(self) -> str:
        return self.chip.without

    @property
    def text(self) -> str:
        """12 without “beach”; where Anna was left out, 12 with “Anna” too."""
        # Translators: number is that of the photos which would be found
        said = {"number": number_in_words(self.count), "what": self.chip.left_out or self.chip.label}
        if self.chip.left_out:
            return ngettext("%(number)s with “%(what)s” too", "%(number)s with “%(what)s” too", self.count) % said
        return ngettext("%(number)s without “%(what)s”", "%(number)s without “%(what)s”", self.count) % said


def nearly_fitting(user: User, chips: Sequence[Chip]) -> list[Nearly]:
    """What each part stands in the way of, the most first. It ends with the time that a search may take."""
    found = []
    try:
        with in_time():
            for chip in chips[:MOST_TRIED] if len(chips) > 1 else ():
                if chip.without and (count := find(user, chip.without).photos.count()):
                    found.append(Nearly(chip, count))
    except TakesTooLong:
        pass  # what is known so far is worth something
    return sorted(found, key=lambda one: (-one.count, one.chip.label))


def unfinished(user: User) -> list[str]:
    """What is still to be done on the user's photos that a search may depend on, in sentences."""
    pending = (StageRun.Status.WAITING, StageRun.Status.RUNNING)
    rows = runs_of(user).filter(stage__in=list(UNFINISHED), status__in=pending).values_list("stage")
    counts = dict(rows.annotate(count=Count("id")))
    return [sentence(stage, counts[stage]) for stage in UNFINISHED if stage in counts]


def sentence(stage: str, count: int) -> str:
    """412 photos are not read yet: their dates and places are not known."""
    return str(UNFINISHED[stage] % {"number": count, "shown": number_in_words(count)})
