"""Settings of the site that `crowd.py` starts: Mirage's own, the bare view, and static files as they lie."""

from mirage import settings

globals().update({name: value for name, value in vars(settings).items() if name.isupper()})
STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ROOT_URLCONF = "benchmarks.pages.large.bare"
