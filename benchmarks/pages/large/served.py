"""Settings of the site that `crowd.py` starts: Mirage's own, the bare view, and static files as they lie."""

from mirage.settings import *  # noqa: F403 - settings are names of a module

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
ROOT_URLCONF = "benchmarks.pages.large.bare"
