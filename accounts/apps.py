from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import (
            palette,
            signals,  # noqa: F401 -- connects the receivers
        )
        from mirage.web.navigation import ACCOUNT, Entry
        from mirage.web.palette import SOURCES

        SOURCES.add("actions", palette.ACTIONS)
        SOURCES.add("settings", palette.SETTINGS)

        ACCOUNT.add("account", Entry("Account", "user-cog", "accounts:account", 10))
        ACCOUNT.add("history", Entry("History", "history", "accounts:history", 40))
