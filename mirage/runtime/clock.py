"""When a time of the schedule comes next."""

from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter
from django.conf import settings
from django.utils import timezone


def next_time(when: str, moment: datetime | None = None) -> datetime:
    """The next time of a cron expression, in MIRAGE_HOME_ZONE."""
    local = (moment or timezone.now()).astimezone(ZoneInfo(settings.MIRAGE_HOME_ZONE))
    following: datetime = croniter(when, local).get_next(datetime)
    return following
