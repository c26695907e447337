from django.apps import AppConfig


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

        ADMINISTRATION.add("accounts", Entry("Accounts", "users", "accounts:users", 40))
        ADMINISTRATION.add("log", Entry("Security log", "scroll-text", "accounts:log", 80))
        ACCOUNT.add("account", Entry("Account", "user-cog", "accounts:account", 10))
        ACCOUNT.add("history", Entry("History", "history", "accounts:history", 40))
