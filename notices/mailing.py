"""The mail: what a user wants to be told by mail, together, once a day at most and not in the quiet hours."""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mirage.web import languages
from mirage.web.languages import in_language
from notices.models import Notice, Wishes

log = logging.getLogger(__name__)

EVERY = timedelta(hours=23)
MOST = 50  # lines of a mail


def is_quiet(wishes: Wishes, moment: datetime) -> bool:
    """Whether the user wants neither mail nor push at this hour. Quiet hours may go over midnight."""
    start, end = wishes.quiet_from, wishes.quiet_to
    if start is None or end is None or start == end:
        return False
    now: time = moment.astimezone(wishes.user.zone).time()
    return start <= now < end if start < end else now >= start or now < end


def send_digests() -> int:
    """Send what is waiting. Returns how many mails were sent."""
    if not settings.EMAIL_HOST:
        return 0
    now = timezone.now()
    wanted = Wishes.objects.exclude(mail=[]).filter(user__is_active=True).exclude(user__email="")
    due = [
        wishes
        for wishes in wanted.select_related("user")
        if (wishes.mailed_at is None or now - wishes.mailed_at >= EVERY) and not is_quiet(wishes, now)
    ]
    sent = 0
    for wishes in due:
        with languages.speaking_to(wishes.user):
            sent += send(wishes)
    return sent


def send(wishes: Wishes) -> bool:
    """Send one user what is waiting. Whether anything was."""
    waiting = Notice.objects.filter(user=wishes.user, by_mail=True, mailed_at=None, seen_at=None).order_by("at", "pk")
    lines = [f"- {in_language(notice.text)}" for notice in waiting[:MOST]]
    if not lines:
        return False
    now = timezone.now()
    more = waiting.count() - len(lines)
    text = "\n".join([*lines, *([_("… and %(number)s more") % {"number": more}] if more > 0 else [])])
    end = _("\n\nYou chose what this mail tells under Notices in Mirage.\n")
    try:
        send_mail(
            ngettext("Mirage: %(number)s news", "Mirage: %(number)s news", len(lines) + more)
            % {"number": len(lines) + more},
            text + end,
            None,
            [wishes.user.email],
        )
    except OSError as error:  # the next hour tries again
        log.warning("The mail to %s was not sent: %s", wishes.user, error)
        return False
    Notice.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(mailed_at=now)
    Wishes.objects.filter(pk=wishes.pk).update(mailed_at=now)
    return True
