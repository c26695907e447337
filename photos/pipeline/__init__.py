"""What is done with every photo, in which order, by whom, and how far it is.

`stages` says what a stage is and which there are; `runs` brings work, claims it and writes down how it went. The other
modules hold the functions of the stages of photos, and what pages show of the work.
"""

from photos.pipeline.runs import (
    add_missing,
    await_stages,
    blocked,
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
    "await_stages",
    "blocked",
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
