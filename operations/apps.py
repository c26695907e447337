from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        from mirage.web.navigation import ACCOUNT, Entry

        administration = Entry("Administration", "shield-check", "admin:index", 50, allowed=lambda user: user.is_staff)
        ACCOUNT.add("administration", administration)
