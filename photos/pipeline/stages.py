"""Which stages there are: each app registers its own, in its `stages.py`."""

from dataclasses import dataclass

from django.conf import settings

from mirage.registry import Registry
from photos.models import Photo
from vision import weights

QUEUES = ("io", "ml", "index", "idle")  # in the order in which their work is wanted
BOTH = frozenset(Photo.Kind.values)


@dataclass(frozen=True)
class Stage:
    """One step of the pipeline. Raise `version` when its result changes: what is older becomes stale."""

    name: str
    function: str  # dotted, so that a web process never imports what the stage needs
    queue: str
    label: str
    after: str | None = None
    kinds: frozenset[str] = BOTH
    version: int = 1
    batch: int = 8
    on_demand: bool = False  # only when `demand` asks for it, not for every photo
    needs: tuple[str, ...] = ()  # names in models.toml; until these weights are in place its rows wait

    def missing_weights(self) -> list[str]:
        """The weights it needs that are not in place. Until they are nobody claims its rows, so none can fail."""
        return weights.not_in_place(settings.MIRAGE_MODELS, self.needs)


STAGES: Registry[Stage] = Registry("stage")


def all_stages() -> list[Stage]:
    """Every stage, those first whose work is wanted first."""
    return sorted(STAGES.values(), key=lambda stage: QUEUES.index(stage.queue))
