from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from mirage.web.navigation import ACCOUNT, ADMINISTRATION
        from operations import navigation

        for name, entry in navigation.PAGES.items():
            ADMINISTRATION.add(name, entry)
        ACCOUNT.add("administration", navigation.ADMINISTRATORS)
        ACCOUNT.add("staff", navigation.STAFF)
