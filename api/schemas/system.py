"""The state of the installation."""

from ninja import Schema


class Job(Schema):
    """A stage of the work on photos."""

    name: str
    label: str
    waiting: int
    running: int
    done: int
    failed: int
    per_minute: float | None


class Jobs(Schema):
    """What is being done with my photos."""

    stages: list[Job]
    workers: int
    busy: int


class Health(Schema):
    """Whether the installation can do its work."""

    sound: bool
    conditions: list["ConditionOut"]


class ConditionOut(Schema):
    """One thing that must be in order."""

    name: str
    sound: bool
    text: str
    needed: bool
