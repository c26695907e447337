from django.apps import AppConfig


class MirageConfig(AppConfig):
    name = "mirage"
