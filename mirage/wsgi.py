"""The entry point for gunicorn."""

import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

application = get_wsgi_application()

# what gunicorn has to say in a worker looks like everything else that is logged
for _handler in list((_log := logging.getLogger("gunicorn.error")).handlers):
    _log.removeHandler(_handler)
_log.propagate = True
