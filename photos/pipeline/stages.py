"""The registry of stages. Each app defines its own in its `stages.py`."""

from dataclasses import dataclass

from django.conf import settings

from mirage.registry import Registry
from mirage.wording import Words
from photos.models import Photo
from vision import weights

QUEUES = ("io", "video", "ml", "index", "idle")  # the most urgent first
BOTH = frozenset(Photo.Kind.values)


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline. Raise `version` when its results change: older results become stale."""

    name: str
    function: str  # dotted, so that a web process never imports what the stage needs
    queue: str
    label: Words
    after: str | None = None
    kinds: frozenset[str] = BOTH
    version: int = 1
    batch: int = 8
    on_demand: bool = False  # runs only if `demand` asks for it, not for every photo
    needs: tuple[str, ...] = ()  # weights, by their names in models.toml
    of_the_file: bool = (
        False  # the same for each copy of a photo, as what `looks` finds: so it runs for one of them only
    )
    looks: bool = False  # at the large thumbnail: done with others of its queue that do, while that is decoded

    @property
    def once_a_file(self) -> bool:
        """Whether it runs for one of the photos that share a file."""
        return self.of_the_file or self.looks

    @property
    def is_paused(self) -> bool:
        """Whether an administrator has paused it. Its rows wait, and none is claimed."""
        return self.name in settings.MIRAGE_PAUSED

    def missing_weights(self) -> list[str]:
        """The weights that are not in place. While there are any, no rows of the stage are claimed."""
        return weights.not_in_place(settings.MIRAGE_MODELS, self.needs)


STAGES: Registry[Stage] = Registry("stage")


def all_stages() -> list[Stage]:
    """Every stage, the most urgent first."""
    return sorted(STAGES.values(), key=lambda stage: QUEUES.index(stage.queue))
