"""A plugin of pytest that loads Mirage's apps for tests that need neither a database nor Redis.

python -m pytest -p mirage.testing.apps_alone -p no:django --noconftest search/tests/language/test_grammar.py
"""

import os

from mirage.testing import ground

ground.prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
ground.load_settings()
