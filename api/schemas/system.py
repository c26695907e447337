"""The state of the installation."""

from ninja import Schema


class Job(Schema):
    """The work on photos at one stage."""

    name: str
    label: str
    waiting: int
    running: int
    done: int
    failed: int
    per_minute: float | None


class Jobs(Schema):
    """The work in progress on your photos."""

    stages: list[Job]
    workers: int
    busy: int


class Health(Schema):
    """Whether the installation works."""

    sound: bool
    conditions: list["ConditionOut"]


class ConditionOut(Schema):
    """One condition of a working installation."""

    name: str
    sound: bool
    text: str
    needed: bool
