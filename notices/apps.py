from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _lazy


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from albums.models import Share
        from dav.signals import upload_refused
        from mirage.web.navigation import ACCOUNT, Entry
        from notices import events, mailing
        from photos.models import Comment
        from photos.pipeline.jobs import JOBS, Job
        from photos.upkeep import CHORES

        ACCOUNT.add("notices", Entry(_lazy("Notices"), "bell", "notices:notices", 30))
        post_save.connect(events.tell_of_share, sender=Share)
        post_save.connect(events.tell_of_comment, sender=Comment)
        upload_refused.connect(events.tell_of_refused)
        CHORES.add("notices", events.look_around)
        CHORES.add("mail", mailing.send_digests)
        CHORES.add("push", events.push_waiting)
        JOBS.add("push_notice", Job("notices.pushing.push", timeout=60))
        JOBS.add("push_greeting", Job("notices.pushing.greet", timeout=60))
