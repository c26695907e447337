from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _lazy


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import (
            palette,
            signals,  # noqa: F401 -- connects the receivers
        )
        from mirage.web.navigation import ACCOUNT, ADMINISTRATION, Entry
        from mirage.web.palette import SOURCES

        SOURCES.add("actions", palette.ACTIONS)
        SOURCES.add("settings", palette.SETTINGS)

        ADMINISTRATION.add("accounts", Entry(_lazy("Accounts"), "users", "accounts:users", 40))
        ADMINISTRATION.add("log", Entry(_lazy("Security log"), "scroll-text", "accounts:log", 80))
        ACCOUNT.add("account", Entry(_lazy("Account"), "user-cog", "accounts:account", 10))
        ACCOUNT.add("history", Entry(_lazy("History"), "history", "accounts:history", 40))
