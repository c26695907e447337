from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class DavConfig(AppConfig):
    name = "dav"
    verbose_name = "WebDAV"

    def ready(self) -> None:
        from dav.arriving.receiving import remove_left
        from dav.nextcloud.chunks import remove_old
        from dav.protocol.locks import forget_old
        from mirage.web.navigation import ACCOUNT, Entry
        from photos.upkeep import CHORES

        ACCOUNT.add("devices", Entry(_lazy("Devices"), "smartphone", "dav:devices", 20))

        CHORES.add("parts of files over WebDAV", remove_left)
        CHORES.add("chunks of Nextcloud's app", remove_old)
        CHORES.add("locks", forget_old)
