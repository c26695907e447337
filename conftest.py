"""Set the tests' environment up before Django reads it; the fixtures for all tests are in mirage/testing/."""

import os
import sys

import pytest

if "mirage.settings" in sys.modules and "mirage.testing" not in sys.modules:  # which loads them, maybe a second time
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE and --ds: the tests bring their own settings.")

from mirage.testing import browser as testing_browser
from mirage.testing import cast, database, ground, pseudo, selection

ground.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
ground.load_settings()
# the processes of a parallel run inherit the environment, and must prepare theirs before Django reads its settings
del os.environ["DJANGO_SETTINGS_MODULE"]

chromium, no_vectors_in_memory, object_storage, redis, redis_server, settings_stay, whole_chromium = (  # fixtures
    ground.chromium,
    ground.no_vectors_in_memory,
    ground.object_storage,
    ground.redis,
    ground.redis_server,
    ground.settings_stay,
    ground.whole_chromium,
)
django_db_keepdb, django_db_setup = database.django_db_keepdb, database.django_db_setup
answered, browser, visit = testing_browser.answered, testing_browser.browser, testing_browser.visit
library, make_photo, make_picture, owner = cast.library, cast.make_photo, cast.make_picture, cast.owner
pseudo_catalogues, pseudo_languages = pseudo.pseudo_catalogues, pseudo.pseudo_languages
pytest_collection_finish = ground.pytest_collection_finish
pytest_collection_modifyitems = selection.pytest_collection_modifyitems
pytest_ignore_collect = selection.pytest_ignore_collect
real_models, storage, stranger = cast.real_models, cast.storage, cast.stranger
