"""What the models run on, as the workers found it: they write it down, the administration's page reads it."""

import json
import time
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import RedisError

from media.sentences import english
from mirage.runtime import queues
from mirage.web.languages import in_language
from photos.pipeline.runs import worker_name
from vision import inference

BOARD = "mirage:models-run-on:"  # and a worker's name: what it was asked for and found
DAY = 86_400.0
KEPT_DAYS = 7  # a worker that is gone for good is forgotten then

_noted: list[str] = []
_noted_at = 0.0


def note() -> None:
    """Write down what this worker's models run on, if that is new or a day old. Without a wish nothing is said."""
    global _noted_at
    found, now = inference.told_where(), time.time()
    if settings.MIRAGE_MODELS_ON == inference.PROCESSOR or not found:
        return
    if found == _noted and now - _noted_at < DAY:
        return
    said = json.dumps([settings.MIRAGE_MODELS_ON, found])
    try:
        _board().set(BOARD + worker_name(), said, ex=timedelta(days=KEPT_DAYS))
    except RedisError:
        return  # after the next job
    _noted[:], _noted_at = found, now


def in_words() -> str:
    """What the models run on; what the workers have said, if something else than the processor was asked for."""
    if settings.MIRAGE_MODELS_ON == inference.PROCESSOR:
        return _(english("the processor"))
    try:
        said = [json.loads(text) for text in _texts(_board())]
    except RedisError:
        said = []
    found = sorted({words for asked, told in said if asked == settings.MIRAGE_MODELS_ON for words in told})
    if not found:
        return _("not known before a worker has used a model")
    return "; ".join(in_language(words) for words in found)


def _texts(board: Redis) -> list[str | bytes]:
    keys = list(board.scan_iter(f"{BOARD}*", count=1000))
    return [text for text in board.mget(keys) if text] if keys else []


def _board() -> Redis:
    return queues.connection_of("ml")
