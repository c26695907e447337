"""What the models run on, as the workers found it: they write it down, the administration's page reads it."""

import json

from django.conf import settings
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import RedisError

from media.sentences import english
from mirage.runtime import queues
from mirage.web.languages import in_language
from photos.pipeline.runs import worker_name
from vision import inference

BOARD = "mirage:models-run-on"  # a hash: a worker's name, and what it was asked for and found
_noted: list[str] = []


def note() -> None:
    """Write down what this worker's models run on, if that is new. Without a wish there is nothing to say."""
    found = inference.told_where()
    if settings.MIRAGE_MODELS_ON == inference.PROCESSOR or not found or found == _noted:
        return
    try:
        _board().hset(BOARD, worker_name(), json.dumps([settings.MIRAGE_MODELS_ON, found]))
    except RedisError:
        return  # after the next job
    _noted[:] = found


def in_words() -> str:
    """What the models run on; what the workers have said, if something else than the processor was asked for."""
    if settings.MIRAGE_MODELS_ON == inference.PROCESSOR:
        return _(english("the processor"))
    try:
        said = [json.loads(text) for text in _board().hvals(BOARD)]
    except RedisError:
        said = []
    found = sorted({words for asked, told in said if asked == settings.MIRAGE_MODELS_ON for words in told})
    if not found:
        return _("not known before a worker has used a model")
    return "; ".join(in_language(words) for words in found)


def _board() -> Redis:
    return queues.connection_of("ml")
