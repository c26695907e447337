"""The entry point for gunicorn."""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

application = get_wsgi_application()

# gunicorn's messages are logged like all others
for _handler in list((_log := logging.getLogger("gunicorn.error")).handlers):
    _log.removeHandler(_handler)
_log.propagate = True
