"""The pipeline: all the work done on every photo.

`stages` defines what a stage is; `runs` adds work, claims it and records results. The other modules hold the functions
of the stages of photos, and what pages show of the work.
"""

from photos.pipeline.runs import (
    add_missing,
    claim,
    demand,
    drain,
    hand_back,
    perform,
    perform_next,
    recover,
    release,
    rerun,
    retry,
    stale,
    start,
    sweep,
    work,
    worker_name,
)
from photos.pipeline.stages import STAGES, Stage, all_stages

__all__ = [
    "STAGES",
    "Stage",
    "add_missing",
    "all_stages",
    "claim",
    "demand",
    "drain",
    "hand_back",
    "perform",
    "perform_next",
    "recover",
    "release",
    "rerun",
    "retry",
    "stale",
    "start",
    "sweep",
    "work",
    "worker_name",
]
