from django.apps import AppConfig
from django.conf import settings

from vision.configuration import Configuration, read_from


def configuration() -> Configuration:
    """The settings that vision needs."""
    return Configuration(
        models=settings.MIRAGE_MODELS,
        deepface=settings.MIRAGE_DATA / "deepface",
        face_detector=settings.MIRAGE_FACE_DETECTOR,
        face_model=settings.MIRAGE_FACE_MODEL,
        clip=settings.MIRAGE_CLIP,
        models_on=settings.MIRAGE_MODELS_ON,
    )


class MirageConfig(AppConfig):
    name = "mirage"

    def ready(self) -> None:
        from mirage.web import palette

        read_from(configuration)
        for name, source in palette.OWN.items():
            palette.SOURCES.add(name, source)
